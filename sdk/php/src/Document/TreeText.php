<?php

declare(strict_types=1);

namespace Plasm\Document;

use Plasm\Encoding\Utf8;
use Plasm\Exception\MalformedException;

/** The texts whose digests name a folder: spec/job.md section 3. Pure. */
final class TreeText
{
    /** @param string|null $layout null where there must be none */
    private function __construct(public readonly string $tree, public readonly ?string $layout)
    {
    }

    /**
     * Paths are relative to the folder, with `/` between their parts.
     *
     * @param array<array-key, string> $files        digests by path
     * @param array<array-key, string> $links        texts of symbolic links by path
     * @param list<string>             $emptyFolders paths
     *
     * @throws MalformedException for a name that no manifest can hold
     */
    public static function of(array $files, array $links, array $emptyFolders): self
    {
        $lines = [];
        foreach ($files as $path => $digest) {
            $path = self::checked((string) $path);
            if ($path === '-') {
                throw new MalformedException('a file at the top is named "-": give it another name');
            }
            $lines[$path] = "$digest  $path\n";
        }
        $layout = [];
        foreach ($emptyFolders as $path) {
            $layout[self::withoutArrow(self::checked($path))] = "$path/\n";
        }
        foreach ($links as $path => $text) {
            $path = self::withoutArrow(self::checked((string) $path));
            $layout[$path] = "$path -> " . self::checked($text) . "\n";
        }

        return new self(self::sorted($lines), $layout === [] ? null : self::sorted($layout));
    }

    /** @param array<array-key, string> $lines by path */
    private static function sorted(array $lines): string
    {
        ksort($lines, SORT_STRING);

        return implode('', $lines);
    }

    private static function checked(string $path): string
    {
        if ($path === '' || !Utf8::isValid($path) || strpbrk($path, "\n\r\\") !== false || str_contains($path, "\0")) {
            throw new MalformedException('path ' . Utf8::quote($path)
                . ': expected UTF-8 without line feed, carriage return, backslash and NUL');
        }

        return $path;
    }

    private static function withoutArrow(string $path): string
    {
        if (str_contains($path, ' -> ')) {
            throw new MalformedException('path ' . Utf8::quote($path) . ': has " -> ", which ends a link\'s path');
        }

        return $path;
    }
}
