module plasm.example/guest

go 1.22
