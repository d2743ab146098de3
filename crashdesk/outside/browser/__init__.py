"""The desk in a browser: a page, a web socket, and a process for each desk that is open."""
