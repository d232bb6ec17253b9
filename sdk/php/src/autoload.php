<?php

// Loads this package's classes where Composer is not used: require it once.

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    if (!str_starts_with($class, 'Plasm\\')) {
        return;
    }
    $file = __DIR__ . '/' . str_replace('\\', '/', substr($class, strlen('Plasm\\'))) . '.php';
    if (is_file($file)) {
        require $file;
    }
});
