"""What is inside a large language model, computed.

One topic a module: `parameters` counts, `network` is an MLP, `line` fits a line, and so on.
Importing this package imports no JAX and changes no global setting.
"""

__version__ = "0.1.0"
