<?php

declare(strict_types=1);

namespace Plasm;

use Plasm\Exception\MalformedException;
use Plasm\Keys\PublicKey;

/** The checks of the first system. What a receipt is worth, Plasm\Verify\Verifier says. */
final class Crypto
{
    /**
     * Of a receipt v0.1: whether the key that stands in it signed it. Anybody can make such a
     * receipt with a key of their own: give the key that you expect to Receipt::verify(). Of a
     * receipt v2, which has no key in it: as Receipt::verify() without one.
     */
    public static function verifyReceipt(Receipt $receipt): bool
    {
        return $receipt->legacy()?->isSignedByItsKey() ?? $receipt->verify();
    }

    /**
     * Whether it is the key's Ed25519 signature over the SHA-256 of the message.
     *
     * @param string $signatureHex 128 hex digits
     * @param string $pubkeyHex    64 hex digits
     *
     * @throws MalformedException for other digits
     */
    public static function verifySignature(string $message, string $signatureHex, string $pubkeyHex): bool
    {
        if (preg_match('/^[0-9a-f]{128}$/D', $signatureHex) !== 1) {
            throw new MalformedException('signature: expected 128 lower-case hex digits');
        }

        return PublicKey::fromHex($pubkeyHex)
            ->verifies(hash('sha256', $message, true), (string) hex2bin($signatureHex));
    }
}
