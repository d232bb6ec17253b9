<?php

declare(strict_types=1);

namespace Plasm\Log;

use Plasm\Encoding\Base64;
use Plasm\Encoding\Utf8;
use Plasm\Exception\MalformedException;

/** A signed note (C2SP signed-note) in the right form. Who has signed it, signatures() finds out. */
final class Note
{
    public const MAX_BYTES = 256 << 10;
    private const MAX_SIGNATURES = 100;
    private const DASH = "\u{2014} ";

    /**
     * @param string                                                   $text  ends in a line feed
     * @param list<array{name: string, id: string, signature: string}> $lines
     */
    private function __construct(public readonly string $text, private readonly array $lines)
    {
    }

    /** @throws MalformedException */
    public static function parse(string $bytes): self
    {
        if (strlen($bytes) > self::MAX_BYTES || !Utf8::isValid($bytes)
            || preg_match('/[\x00-\x09\x0B-\x1F]/', $bytes) === 1) {
            throw new MalformedException('note: expected at most 256 KiB of UTF-8 without control characters');
        }
        $split = strrpos($bytes, "\n\n");
        if ($split === false || !str_ends_with($bytes, "\n") || $split + 2 === strlen($bytes)) {
            throw new MalformedException('note: expected text, an empty line, and lines of signatures');
        }
        $lines = explode("\n", substr($bytes, $split + 2, -1));
        if (count($lines) > self::MAX_SIGNATURES) {
            throw new MalformedException('note: more than ' . self::MAX_SIGNATURES . ' signatures');
        }

        return new self(substr($bytes, 0, $split + 1), array_map(self::line(...), $lines));
    }

    /**
     * The signatures of the keys that are known, in the order of their lines; lines of others are
     * passed over.
     *
     * @param list<VerifierKey> $known
     *
     * @return list<Signed> empty when no known key has signed
     *
     * @throws RefusedNoteException when a known key's line does not verify: the note is worth nothing
     */
    public function signatures(array $known): array
    {
        $signed = [];
        foreach ($this->lines as $line) {
            $named = array_values(array_filter(
                $known,
                static fn (VerifierKey $key): bool => $key->name === $line['name'] && $key->id() === $line['id'],
            ));
            if ($named === []) {
                continue;
            }
            $by = null;
            foreach ($named as $key) {
                $by ??= $this->signedBy($key, $line['signature']);
            }
            $signed[] = $by ?? throw new RefusedNoteException(
                'note: the line of ' . Utf8::quote($line['name']) . ' is not a signature of that key',
            );
        }

        return $signed;
    }

    private function signedBy(VerifierKey $key, string $signature): ?Signed
    {
        if ($key->type === VerifierKey::ED25519) {
            return $key->key->verifies($this->text, $signature) ? new Signed($key, null) : null;
        }
        if (strlen($signature) !== 8 + SODIUM_CRYPTO_SIGN_BYTES) {
            return null;
        }
        // Eight bytes, big endian; what is not below 2^63 comes out negative.
        $unpacked = unpack('J', $signature);
        $time = is_array($unpacked) && is_int($unpacked[1]) ? $unpacked[1] : 0;
        $message = "cosignature/v1\ntime $time\n{$this->text}";

        return $time >= 1 && $key->key->verifies($message, substr($signature, 8)) ? new Signed($key, $time) : null;
    }

    /** @return array{name: string, id: string, signature: string} */
    private static function line(string $line): array
    {
        $words = str_starts_with($line, self::DASH) ? explode(' ', substr($line, strlen(self::DASH))) : [];
        $bytes = count($words) === 2 && Utf8::isKeyName($words[0]) ? Base64::decode($words[1]) : null;
        if ($bytes === null || strlen($bytes) <= 4) {
            throw new MalformedException('signature line: found ' . Utf8::quote($line)
                . ', expected an em dash, a key name, and base64 of a key id and a signature');
        }

        return ['name' => $words[0], 'id' => substr($bytes, 0, 4), 'signature' => substr($bytes, 4)];
    }
}
