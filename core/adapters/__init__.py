"""The adapters: the only rooms that meet sockets, disks and keyrings."""
