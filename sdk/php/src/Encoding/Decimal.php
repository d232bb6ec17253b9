<?php

declare(strict_types=1);

namespace Plasm\Encoding;

/**
 * Decimal strings of spec/job.md section 1.3: `0`, or digits that do not start with `0`, of a
 * value below 2^64. They stay text, since PHP's integers end at 2^63 − 1.
 */
final class Decimal
{
    public const BELOW_2_64 = '18446744073709551616';
    public const BELOW_2_63 = '9223372036854775808';

    public static function isDecimal(string $text, string $below = self::BELOW_2_64): bool
    {
        return preg_match('/^(?:0|[1-9][0-9]{0,19})$/D', $text) === 1 && self::isLess($text, $below);
    }

    /** Both must be decimals. */
    public static function isLess(string $left, string $right): bool
    {
        return strlen($left) !== strlen($right) ? strlen($left) < strlen($right) : strcmp($left, $right) < 0;
    }

    /** Of a value below 2^63; null for anything else. */
    public static function toInt(string $text): ?int
    {
        return self::isDecimal($text, self::BELOW_2_63) ? (int) $text : null;
    }
}
