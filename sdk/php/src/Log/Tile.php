<?php

declare(strict_types=1);

namespace Plasm\Log;

/** The layout of a log's files (C2SP tlog-tiles). Pure. */
final class Tile
{
    public const WIDTH = 256;

    /**
     * @param int|string $level a number, or "entries"
     * @param string     $index decimal
     * @param int        $width 1 to 256; below 256 the tile is a partial one
     */
    public static function path(int|string $level, string $index, int $width): string
    {
        $digits = str_pad($index, 3 * intdiv(strlen($index) + 2, 3), '0', STR_PAD_LEFT);
        $parts = str_split($digits, 3);
        $last = array_pop($parts);
        $path = implode('', array_map(static fn (string $part): string => "x$part/", $parts)) . $last;

        return "tile/$level/$path" . ($width === self::WIDTH ? '' : ".p/$width");
    }

    /**
     * How many full tiles a level has, and how wide the partial one after them is (0: none).
     *
     * @return array{full: int, partial: int}
     */
    public static function ofLevel(int $size, int $level): array
    {
        $hashes = $size >> 8 * $level;

        return ['full' => $hashes >> 8, 'partial' => $hashes & 255];
    }

    /**
     * The bytes of a tile over these leaf hashes.
     *
     * @param list<string> $leaves
     */
    public static function bytes(array $leaves, int $level, int $index, int $width): string
    {
        $span = self::WIDTH ** $level;
        $bytes = '';
        for ($i = $index * self::WIDTH; $i < $index * self::WIDTH + $width; ++$i) {
            $bytes .= Merkle::root(array_slice($leaves, $i * $span, $span));
        }

        return $bytes;
    }

    /**
     * The entries of a bundle, when it has as many as this and their hashes are the level-0 tile;
     * null otherwise.
     *
     * @return list<string>|null
     */
    public static function entries(string $bundle, string $tile, int $width): ?array
    {
        $entries = [];
        $hashes = '';
        for ($at = 0; $at < strlen($bundle); $at += 2 + $size) {
            if (strlen($bundle) - $at < 2 || count($entries) === $width) {
                return null;
            }
            $size = ord($bundle[$at]) << 8 | ord($bundle[$at + 1]);
            if (strlen($bundle) - $at - 2 < $size) {
                return null;
            }
            $entries[] = $entry = substr($bundle, $at + 2, $size);
            $hashes .= Merkle::leafHash($entry);
        }

        return count($entries) === $width && $hashes === $tile ? $entries : null;
    }
}
