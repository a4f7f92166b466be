"""Say in one line, before anything else begins, that a port is taken."""

import socket
import sys

port = sys.argv[1]
try:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", int(port)))
except (OSError, OverflowError, ValueError):
    sys.exit(f"make: port {port} is in use or cannot be used; choose another: PORT=8001 make demo")
