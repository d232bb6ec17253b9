<?php

declare(strict_types=1);

namespace Plasm\Io;

/** A folder that this user alone can enter, removed with all that is in it when the object ends. */
final class TemporaryFolder
{
    public readonly string $path;

    public function __construct()
    {
        $this->path = sys_get_temp_dir() . '/plasm-' . bin2hex(random_bytes(16));
        if (!@mkdir($this->path, 0700)) {
            throw new \RuntimeException("no folder could be made at {$this->path}");
        }
    }

    public function __destruct()
    {
        self::remove($this->path);
    }

    private static function remove(string $path): void
    {
        if (is_dir($path) && !is_link($path)) {
            foreach (scandir($path) ?: [] as $name) {
                if ($name !== '.' && $name !== '..') {
                    self::remove("$path/$name");
                }
            }
            @rmdir($path);
        } else {
            @unlink($path);
        }
    }
}
