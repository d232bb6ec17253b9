<?php

declare(strict_types=1);

namespace Plasm\Log;

use Plasm\Encoding\Base64;
use Plasm\Encoding\Decimal;
use Plasm\Encoding\Utf8;
use Plasm\Exception\MalformedException;

/** What a log's key signs (C2SP tlog-checkpoint): size and root of the tree. */
final class Checkpoint
{
    /**
     * @param string       $root       32 bytes
     * @param list<string> $extensions further lines
     */
    private function __construct(
        public readonly string $origin,
        public readonly int $size,
        public readonly string $root,
        public readonly array $extensions,
    ) {
    }

    /** @throws MalformedException */
    public static function parse(string $text): self
    {
        $lines = explode("\n", $text);
        if (array_pop($lines) !== '' || count($lines) < 3 || in_array('', $lines, true)) {
            throw new MalformedException('checkpoint: expected lines with origin, size and root, none empty');
        }
        $size = Decimal::toInt($lines[1]);
        $root = Base64::decode($lines[2]);
        if ($size === null) {
            throw new MalformedException('checkpoint size: found ' . Utf8::quote($lines[1])
                . ', expected a decimal of at most 2^63 - 1');
        }
        if ($root === null || strlen($root) !== Merkle::HASH_BYTES) {
            throw new MalformedException('checkpoint root: found ' . Utf8::quote($lines[2])
                . ', expected 32 bytes in base64');
        }

        return new self($lines[0], $size, $root, array_slice($lines, 3));
    }
}
