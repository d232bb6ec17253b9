<?php

declare(strict_types=1);

require_once __DIR__ . '/../src/autoload.php';

spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/' . str_replace('\\', '/', substr($class, strlen('Plasm\\Tests\\'))) . '.php';
    if (str_starts_with($class, 'Plasm\\Tests\\') && is_file($file)) {
        require $file;
    }
});
