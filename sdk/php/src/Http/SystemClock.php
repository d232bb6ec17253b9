<?php

declare(strict_types=1);

namespace Plasm\Http;

final class SystemClock implements Clock
{
    public function now(): float
    {
        return hrtime(true) / 1e9;
    }

    public function sleep(float $seconds): void
    {
        $until = $this->now() + $seconds;
        // A signal ends a sleep early.
        while (($left = $until - $this->now()) > 0) {
            usleep((int) min($left * 1e6, 1e6));
        }
    }
}
