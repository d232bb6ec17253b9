<?php

declare(strict_types=1);

namespace Plasm\Tests\Unit;

use PHPUnit\Framework\TestCase;
use Plasm\Verdict;

final class VerdictTest extends TestCase
{
    /** The table of spec/receipt.md section 8: verdicts and exit statuses stand in its last columns. */
    public function testHasTheNamesAndExitStatusesOfTheSpecification(): void
    {
        $text = (string) file_get_contents(dirname(__DIR__, 4) . '/spec/receipt.md');
        $expected = ['VALID' => 0, 'VALID_LEGACY_UNBOUND' => 0, 'NO_QUORUM' => 24];
        preg_match_all('/^\| [0-9]+ \|.*\| ([^|]+) \| ([0-9, ]+) \|$/m', $text, $rows, PREG_SET_ORDER);
        self::assertGreaterThanOrEqual(14, count($rows));
        foreach ($rows as [, $names, $statuses]) {
            preg_match_all('/`([A-Z_]+)`/', $names, $found);
            self::assertCount(count($found[1]), explode(', ', $statuses));
            $expected += array_combine($found[1], array_map('intval', explode(', ', $statuses)));
        }
        $actual = [];
        foreach (Verdict::cases() as $verdict) {
            $actual[$verdict->value] = $verdict->exitStatus();
            self::assertNotSame('', $verdict->meaning());
        }
        self::assertEqualsCanonicalizing($expected, $actual);
        self::assertEqualsCanonicalizing(array_keys($expected), array_keys($actual));
    }

    public function testOneVerdictAloneIsValid(): void
    {
        $valid = array_filter(Verdict::cases(), static fn (Verdict $verdict): bool => $verdict->isValid());
        self::assertSame([Verdict::Valid], array_values($valid));
    }
}
