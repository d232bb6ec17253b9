<?php

declare(strict_types=1);

namespace Plasm\Tests\Unit;

use PHPUnit\Framework\TestCase;
use Plasm\Exception\ConflictException;
use Plasm\Exception\CorruptException;
use Plasm\Exception\DeniedException;
use Plasm\Exception\InternalException;
use Plasm\Exception\InvalidRequestException;
use Plasm\Exception\LimitExceededException;
use Plasm\Exception\NotFoundException;
use Plasm\Exception\OverloadedException;
use Plasm\Exception\UnavailableException;
use Plasm\Http\Clock;
use Plasm\Http\Patience;
use Plasm\Http\RetryPolicy;

final class RetryTest extends TestCase
{
    public function testPausesDoubleUpToTheLongest(): void
    {
        $policy = new RetryPolicy(calls: 20, firstPause: 1, longestPause: 5, allPauses: 1000);
        $pauses = array_map(static fn (int $failures): ?float => $policy->pause(self::later(), $failures, 0, null, 0), [1, 2, 3, 4, 19]);
        self::assertSame([1.0, 2.0, 4.0, 5.0, 5.0], array_map('floatval', $pauses));
    }

    public function testChanceShortensAPauseByUpToAHalf(): void
    {
        $policy = new RetryPolicy(firstPause: 1);
        self::assertEqualsWithDelta(0.5, $policy->pause(self::later(), 1, 0, null, 1), 1e-9);
    }

    public function testNeverComesBackEarlierThanTheNodeAsked(): void
    {
        $policy = new RetryPolicy();
        foreach ([0.0, 0.5, 1.0] as $random) {
            self::assertGreaterThanOrEqual(10, $policy->pause(self::later(), 1, 0, 10, $random));
        }
    }

    public function testThereIsAnEndToPatience(): void
    {
        $policy = new RetryPolicy(calls: 3, firstPause: 1, allPauses: 10);
        self::assertNull($policy->pause(self::later(), 3, 0, null, 0));
        self::assertNull($policy->pause(self::later(), 1, 9.5, null, 0));
        self::assertNull($policy->pause(self::later(), 1, 0, 11, 0));
        self::assertNull(RetryPolicy::never()->pause(self::later(), 1, 0, null, 0));
    }

    public function testWhatWasRefusedIsNotAskedAgain(): void
    {
        foreach ([ConflictException::class, CorruptException::class, DeniedException::class, InternalException::class,
            InvalidRequestException::class, LimitExceededException::class, NotFoundException::class] as $class) {
            self::assertNull((new RetryPolicy())->pause(new $class('no'), 1, 0, null, 0), $class);
        }
        self::assertNotNull((new RetryPolicy())->pause(new OverloadedException('later'), 1, 0, null, 0));
    }

    public function testProgressMakesTheNextFailureAFirstOne(): void
    {
        $clock = new class () implements Clock {
            /** @var list<float> */
            public array $slept = [];

            public function now(): float
            {
                return array_sum($this->slept);
            }

            public function sleep(float $seconds): void
            {
                $this->slept[] = $seconds;
            }
        };
        $patience = new Patience(new RetryPolicy(calls: 3, firstPause: 1), $clock);
        $patience->pauseAfter(self::later());
        $patience->pauseAfter(self::later());
        $patience->progressed();
        $patience->pauseAfter(self::later());
        self::assertCount(3, $clock->slept);
        self::assertLessThanOrEqual(1, $clock->slept[2]);
        $patience->pauseAfter(self::later());
        $this->expectException(UnavailableException::class);
        $patience->pauseAfter(self::later());
    }

    private static function later(): UnavailableException
    {
        return new UnavailableException('later');
    }
}
