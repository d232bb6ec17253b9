<?php

declare(strict_types=1);

namespace Plasm\Tests\Vectors;

use PHPUnit\Framework\TestCase;
use Plasm\Trust\CardOutcome;
use Plasm\Trust\OfferedCard;

final class CardVectorsTest extends TestCase
{
    /** @return iterable<string, array{array<string, mixed>}> */
    public static function cases(): iterable
    {
        return VectorFile::provide('card');
    }

    /**
     * @dataProvider cases
     *
     * @param array<string, mixed> $case
     */
    public function testFindsWhatBecomesOfTheCard(array $case): void
    {
        $previous = null;
        $before = VectorFile::take($case, 'previous');
        if ($before !== null) {
            $opened = OfferedCard::open($before);
            self::assertSame(CardOutcome::Accepted, $opened->against(null, null));
            $previous = $opened->card;
        }
        $offered = OfferedCard::open((string) VectorFile::take($case, 'card'));
        $outcome = $offered->against($previous, $case['known_version'] ?? null);
        self::assertSame($case['outcome'], $outcome->value, $case['why'] . "\n" . $offered->reason);
    }
}
