<?php

declare(strict_types=1);

namespace Plasm\Log;

use Plasm\Encoding\Base64;
use Plasm\Encoding\Utf8;
use Plasm\Exception\MalformedException;
use Plasm\Keys\PublicKey;

/** A key that signs notes, under a name ("vkey" of C2SP signed-note). */
final class VerifierKey
{
    public const ED25519 = 1;
    public const COSIGNATURE = 4;

    public function __construct(
        public readonly string $name,
        public readonly int $type,
        public readonly PublicKey $key,
    ) {
    }

    /** @throws MalformedException for anything but "<name>+<id>+<base64>" of a type above */
    public static function parse(string $text): self
    {
        $parts = explode('+', $text, 3);
        if (count($parts) !== 3) {
            self::refuse($text, '<name>+<id>+<key>');
        }
        [$name, $id, $encoded] = $parts;
        if (!Utf8::isKeyName($name) || strlen($name) > 255) {
            self::refuse($text, 'a name of 1 to 255 bytes without blanks');
        }
        $material = Base64::decode($encoded);
        if ($material === null || strlen($material) !== 33
            || !in_array(ord($material[0]), [self::ED25519, self::COSIGNATURE], true)) {
            self::refuse($text, '33 bytes in base64, of type 1 (Ed25519) or 4 (its cosignature)');
        }
        $key = new self($name, ord($material[0]), PublicKey::fromBytes(substr($material, 1)));
        if ($id !== bin2hex($key->id())) {
            self::refuse($text, 'the id of this name and key, ' . bin2hex($key->id()));
        }

        return $key;
    }

    /** Four bytes. */
    public function id(): string
    {
        return substr(hash('sha256', "{$this->name}\n" . chr($this->type) . $this->key->bytes, true), 0, 4);
    }

    public function equals(self $other): bool
    {
        return $this->name === $other->name && $this->type === $other->type && $this->key->equals($other->key);
    }

    private static function refuse(string $found, string $expected): never
    {
        throw new MalformedException('verifier key: found ' . Utf8::quote($found) . ", expected $expected");
    }
}
