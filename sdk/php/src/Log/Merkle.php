<?php

declare(strict_types=1);

namespace Plasm\Log;

/**
 * The Merkle tree of RFC 6962 with SHA-256, and its proofs as RFC 9162 section 2.1 checks them.
 * Hashes are 32 bytes, sizes and indices below 2^63. Pure.
 */
final class Merkle
{
    public const HASH_BYTES = 32;

    public static function leafHash(string $entry): string
    {
        return hash('sha256', "\0" . $entry, true);
    }

    public static function nodeHash(string $left, string $right): string
    {
        return hash('sha256', "\1" . $left . $right, true);
    }

    /** @param list<string> $leaves hashes */
    public static function root(array $leaves): string
    {
        if ($leaves === []) {
            return hash('sha256', '', true);
        }
        // Pairs from the left; an odd one at the end goes up as it is, which is the same tree.
        while (count($leaves) > 1) {
            $above = [];
            foreach (array_chunk($leaves, 2) as $pair) {
                $above[] = isset($pair[1]) ? self::nodeHash($pair[0], $pair[1]) : $pair[0];
            }
            $leaves = $above;
        }

        return $leaves[0];
    }

    /**
     * The root that the proof leads to; null for an index outside of the tree and for a proof
     * that has too few hashes or too many.
     *
     * @param list<string> $proof
     */
    public static function rootFromInclusion(int $index, int $size, string $leaf, array $proof): ?string
    {
        if ($index < 0 || $index >= $size) {
            return null;
        }
        [$node, $last, $root] = [$index, $size - 1, $leaf];
        foreach ($proof as $hash) {
            if ($last === 0) {
                return null;
            }
            if (($node & 1) === 1 || $node === $last) {
                $root = self::nodeHash($hash, $root);
                [$node, $last] = self::upFromRightEdge($node, $last);
            } else {
                $root = self::nodeHash($root, $hash);
            }
            $node >>= 1;
            $last >>= 1;
        }

        return $last === 0 ? $root : null;
    }

    /**
     * Whether the newer tree continues the older one. Every tree continues the empty one.
     *
     * @param list<string> $proof
     */
    public static function isConsistent(int $oldSize, string $oldRoot, int $size, string $root, array $proof): bool
    {
        if ($oldSize < 0 || $oldSize > $size) {
            return false;
        }
        if ($oldSize === 0) {
            return $proof === [] && $oldRoot === self::root([]) && ($size !== 0 || $root === $oldRoot);
        }
        if ($oldSize === $size) {
            return $proof === [] && $oldRoot === $root;
        }
        if ($proof === []) {
            return false;
        }
        if (($oldSize & ($oldSize - 1)) === 0) {
            array_unshift($proof, $oldRoot);
        }
        [$node, $last] = [$oldSize - 1, $size - 1];
        while (($node & 1) === 1) {
            $node >>= 1;
            $last >>= 1;
        }
        $older = $newer = array_shift($proof);
        foreach ($proof as $hash) {
            if ($last === 0) {
                return false;
            }
            if (($node & 1) === 1 || $node === $last) {
                $older = self::nodeHash($hash, $older);
                $newer = self::nodeHash($hash, $newer);
                [$node, $last] = self::upFromRightEdge($node, $last);
            } else {
                $newer = self::nodeHash($newer, $hash);
            }
            $node >>= 1;
            $last >>= 1;
        }

        return $older === $oldRoot && $newer === $root && $last === 0;
    }

    /** @return array{int, int} */
    private static function upFromRightEdge(int $node, int $last): array
    {
        while (($node & 1) === 0 && $node !== 0) {
            $node >>= 1;
            $last >>= 1;
        }

        return [$node, $last];
    }
}
