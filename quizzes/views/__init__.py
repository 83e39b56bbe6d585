"""One page a file. Each view finds the run, asks a service, and renders or leads on."""
