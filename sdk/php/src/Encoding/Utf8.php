<?php

declare(strict_types=1);

namespace Plasm\Encoding;

/** Text of other people. */
final class Utf8
{
    // Unicode's property White_Space.
    private const WHITE_SPACE = '/[\x09-\x0D\x20\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}'
        . '\x{3000}]/u';

    /** No overlong forms, no surrogates, nothing above U+10FFFF, nothing cut short. */
    public static function isValid(string $bytes): bool
    {
        return preg_match('//u', $bytes) === 1;
    }

    public static function encode(int $codePoint): string
    {
        return match (true) {
            $codePoint < 0x80 => chr($codePoint),
            $codePoint < 0x800 => chr(0xC0 | $codePoint >> 6) . chr(0x80 | $codePoint & 0x3F),
            $codePoint < 0x10000 => chr(0xE0 | $codePoint >> 12) . chr(0x80 | $codePoint >> 6 & 0x3F)
                . chr(0x80 | $codePoint & 0x3F),
            default => chr(0xF0 | $codePoint >> 18) . chr(0x80 | $codePoint >> 12 & 0x3F)
                . chr(0x80 | $codePoint >> 6 & 0x3F) . chr(0x80 | $codePoint & 0x3F),
        };
    }

    /** Whether there is a control character: U+0000 to U+001F, U+007F to U+009F. The text is UTF-8. */
    public static function hasControls(string $text): bool
    {
        return preg_match('/[\x00-\x1F\x7F-\x{9F}]/u', $text) === 1;
    }

    /** A key name of signed-note, but for its length. */
    public static function isKeyName(string $text): bool
    {
        return $text !== '' && self::isValid($text) && preg_match('/[\x00-\x1F+]/', $text) === 0
            && preg_match(self::WHITE_SPACE, $text) === 0;
    }

    /** An origin: spec/log.md section 1.1. */
    public static function isOrigin(string $text): bool
    {
        return strlen($text) <= 255 && self::isKeyName($text) && !self::hasControls($text);
    }

    /** For messages: on one line, harmless to a terminal, and not long. */
    public static function quote(string $bytes): string
    {
        $shown = substr($bytes, 0, 80);
        $shown = (string) preg_replace_callback(
            '/[^\x20-\x7E]|["\\\\]/',
            static fn (array $match): string => sprintf('\\x%02x', ord($match[0])),
            $shown,
        );

        return '"' . $shown . (strlen($bytes) > 80 ? '…"' : '"');
    }
}
