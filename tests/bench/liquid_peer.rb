# Ruby's side of the liquid bench: one JSON job a line on stdin, one JSON answer a line on stdout, timed in here.
require 'json'
require 'liquid'

STDOUT.sync = true
parsed = {}
STDIN.each_line do |line|
  job = JSON.parse(line)
  text = job['template']
  if job['what'] == 'render'
    ready = parsed[text] ||= Liquid::Template.parse(text, error_mode: :lax)
    data = job['data']
    work = ->(_) { ready.render(data) }
  else
    work = ->(time) { Liquid::Template.parse("#{text}#{job['turn']}.#{time}", error_mode: :lax) }
  end
  begun = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  made = nil
  job['times'].times { |time| made = work.call(time) }
  took = Process.clock_gettime(Process::CLOCK_MONOTONIC) - begun
  puts JSON.generate({ ms: took * 1000 / job['times'], output: job['what'] == 'render' ? made : '' })
end
