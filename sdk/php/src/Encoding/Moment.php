<?php

declare(strict_types=1);

namespace Plasm\Encoding;

/** A time of spec/job.md section 1.6: UTC, to the millisecond, years 1970 to 9999. */
final class Moment
{
    private const FORM = '/^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{3}))?Z$/D';

    /**
     * @param int  $milliseconds since 1970-01-01T00:00:00Z
     * @param bool $hasFraction  whether its text had the digits of milliseconds
     */
    public function __construct(public readonly int $milliseconds, public readonly bool $hasFraction = false)
    {
    }

    /** Null for anything else. */
    public static function parse(string $text): ?self
    {
        if (preg_match(self::FORM, $text, $match) !== 1) {
            return null;
        }
        [, $year, $month, $day, $hour, $minute, $second] = array_map('intval', $match);
        if ($year < 1970 || !checkdate($month, $day, $year) || $hour > 23 || $minute > 59 || $second > 59) {
            return null;
        }
        $seconds = (int) gmmktime($hour, $minute, $second, $month, $day, $year);

        return new self($seconds * 1000 + (int) ($match[7] ?? 0), isset($match[7]));
    }

    public static function now(): self
    {
        return new self((int) floor(microtime(true) * 1000), true);
    }

    public function toString(): string
    {
        return gmdate('Y-m-d\TH:i:s', intdiv($this->milliseconds, 1000))
            . sprintf('.%03dZ', $this->milliseconds % 1000);
    }
}
