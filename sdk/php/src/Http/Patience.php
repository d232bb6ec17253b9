<?php

declare(strict_types=1);

namespace Plasm\Http;

use Plasm\Exception\ApiException;

/** The pauses between the attempts of one call. */
final class Patience
{
    private int $failures = 0;
    private float $paused = 0;

    public function __construct(private readonly RetryPolicy $policy, private readonly Clock $clock)
    {
    }

    /**
     * Waits as long as the policy says.
     *
     * @throws ApiException the error itself, when the call is not to be made again
     */
    public function pauseAfter(ApiException $error, ?int $retryAfter = null): void
    {
        ++$this->failures;
        $random = random_int(0, 1 << 30) / (1 << 30);
        $pause = $this->policy->pause($error, $this->failures, $this->paused, $retryAfter, $random);
        if ($pause === null) {
            throw $error;
        }
        $this->paused += $pause;
        $this->clock->sleep($pause);
    }

    /** Something came of the last attempt: the next failure is a first one. */
    public function progressed(): void
    {
        $this->failures = 0;
        $this->paused = 0;
    }
}
