"""The command line: arguments in, core use cases, words or JSON out; imports no Textual."""
