"""The only importer of aiohttp: requests and sockets as plain data for the rooms above."""
