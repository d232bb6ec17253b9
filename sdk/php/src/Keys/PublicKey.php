<?php

declare(strict_types=1);

namespace Plasm\Keys;

use Plasm\Encoding\Base64;
use Plasm\Encoding\Utf8;
use Plasm\Exception\MalformedException;

/** An Ed25519 public key, and the forms in which it is written (spec/trust.md section 2). */
final class PublicKey
{
    private const SSH_PREFIX = "\0\0\0\x0bssh-ed25519\0\0\0\x20";
    // SubjectPublicKeyInfo of RFC 8410, up to the key.
    private const SPKI_PREFIX = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";

    /** @param string $bytes 32 of them */
    private function __construct(public readonly string $bytes)
    {
    }

    /** @throws MalformedException */
    public static function fromBytes(string $bytes): self
    {
        if (strlen($bytes) !== SODIUM_CRYPTO_SIGN_PUBLICKEYBYTES) {
            throw new MalformedException('public key: found ' . strlen($bytes) . ' bytes, expected 32');
        }

        return new self($bytes);
    }

    /** @throws MalformedException for anything but 64 lower-case hex digits */
    public static function fromHex(string $hex): self
    {
        if (preg_match('/^[0-9a-f]{64}$/D', $hex) !== 1) {
            throw new MalformedException('public key: found ' . Utf8::quote($hex)
                . ', expected 64 lower-case hex digits');
        }

        return new self((string) hex2bin($hex));
    }

    /** @throws MalformedException for anything but "ssh-ed25519 AAAA…" in its two words */
    public static function fromOpenSsh(string $line): self
    {
        $words = explode(' ', $line);
        $wire = count($words) === 2 && $words[0] === 'ssh-ed25519' ? Base64::decode($words[1]) : null;
        $bytes = substr((string) $wire, strlen(self::SSH_PREFIX));
        if ($wire !== self::SSH_PREFIX . $bytes || strlen($bytes) !== 32) {
            throw new MalformedException('public key: found ' . Utf8::quote($line)
                . ', expected "ssh-ed25519 AAAA…" as plasmd key show prints it');
        }

        return new self($bytes);
    }

    public function hex(): string
    {
        return bin2hex($this->bytes);
    }

    /** "SHA256:" and 43 digits, as ssh shows keys. */
    public function fingerprint(): string
    {
        return 'SHA256:' . rtrim(base64_encode(hash('sha256', self::SSH_PREFIX . $this->bytes, true)), '=');
    }

    public function openSsh(): string
    {
        return 'ssh-ed25519 ' . base64_encode(self::SSH_PREFIX . $this->bytes);
    }

    /** What curl's --pinnedpubkey takes. */
    public function pin(): string
    {
        return 'sha256//' . base64_encode(hash('sha256', self::SPKI_PREFIX . $this->bytes, true));
    }

    public function equals(self $other): bool
    {
        return $this->bytes === $other->bytes;
    }

    /**
     * Whether the signature is this key's over the message: pure Ed25519. libsodium refuses keys
     * and points of small order, encodings that are not canonical, and S not below the order.
     */
    public function verifies(string $message, string $signature): bool
    {
        if (strlen($signature) !== SODIUM_CRYPTO_SIGN_BYTES || $this->bytes === '') {
            return false;
        }

        return sodium_crypto_sign_verify_detached($signature, $message, $this->bytes);
    }
}
