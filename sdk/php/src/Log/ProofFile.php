<?php

declare(strict_types=1);

namespace Plasm\Log;

use Plasm\Encoding\Base64;
use Plasm\Encoding\Decimal;
use Plasm\Encoding\Utf8;
use Plasm\Exception\MalformedException;

/** A .tlog-proof file (C2SP tlog-proof, spec/log.md section 6) in the right form. */
final class ProofFile
{
    private const MAX_BYTES = 64 << 10;
    private const MAX_HASHES = 63;

    /**
     * @param string       $index  decimal, below 2^64
     * @param list<string> $hashes of 32 bytes
     */
    private function __construct(
        public readonly string $index,
        public readonly array $hashes,
        public readonly Note $note,
        public readonly Checkpoint $checkpoint,
    ) {
    }

    /** @throws MalformedException */
    public static function parse(string $bytes): self
    {
        $parts = explode("\n\n", $bytes, 2);
        if (strlen($bytes) > self::MAX_BYTES || count($parts) !== 2) {
            throw new MalformedException('log proof: expected at most 64 KiB with an empty line');
        }
        $lines = explode("\n", $parts[0]);
        if (array_shift($lines) !== 'c2sp.org/tlog-proof@v1') {
            throw new MalformedException('log proof: expected "c2sp.org/tlog-proof@v1" as its first line');
        }
        if (str_starts_with($lines[0] ?? '', 'extra ')
            && (string) Base64::decode(substr(array_shift($lines), strlen('extra '))) === '') {
            throw new MalformedException('log proof: extra: expected base64 of something');
        }
        $line = (string) array_shift($lines);
        $index = substr($line, strlen('index '));
        if (!str_starts_with($line, 'index ') || !Decimal::isDecimal($index)) {
            throw new MalformedException('log proof: found ' . Utf8::quote($line)
                . ', expected a line with the index, a decimal');
        }
        if (count($lines) > self::MAX_HASHES) {
            throw new MalformedException('log proof: more than ' . self::MAX_HASHES . ' hashes');
        }
        $note = Note::parse($parts[1]);

        return new self($index, array_map(self::hash(...), $lines), $note, Checkpoint::parse($note->text));
    }

    private static function hash(string $line): string
    {
        $hash = Base64::decode($line);
        if ($hash === null || strlen($hash) !== Merkle::HASH_BYTES) {
            throw new MalformedException('log proof: found ' . Utf8::quote($line)
                . ', expected a hash, 32 bytes in base64');
        }

        return $hash;
    }
}
