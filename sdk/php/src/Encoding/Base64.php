<?php

declare(strict_types=1);

namespace Plasm\Encoding;

/** RFC 4648 base64 that has one spelling: padded, with zero bits at the end, nothing skipped. */
final class Base64
{
    private const COMMON = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

    public static function encode(string $bytes): string
    {
        return base64_encode($bytes);
    }

    /** Section 4 alone. Null for anything else. */
    public static function decode(string $text): ?string
    {
        return self::decodeIn($text, '+/');
    }

    /** In the alphabet of section 4 or in that of section 5, not mixed. Null for anything else. */
    public static function decodeEither(string $text): ?string
    {
        return self::decodeIn($text, '+/') ?? self::decodeIn($text, '-_');
    }

    private static function decodeIn(string $text, string $lastTwo): ?string
    {
        $length = strlen($text);
        $digits = strspn($text, self::COMMON . $lastTwo);
        if ($length % 4 !== 0 || $length - $digits > 2 || trim(substr($text, $digits), '=') !== '') {
            return null;
        }
        $standard = strtr($text, $lastTwo, '+/');
        $bytes = base64_decode($standard, true);

        return $bytes !== false && base64_encode($bytes) === $standard ? $bytes : null;
    }
}
