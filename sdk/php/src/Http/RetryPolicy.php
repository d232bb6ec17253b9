<?php

declare(strict_types=1);

namespace Plasm\Http;

use Plasm\Exception\ApiException;
use Plasm\Exception\OverloadedException;
use Plasm\Exception\UnavailableException;

/** Whether and when a request that failed is made again. Pure. */
final class RetryPolicy
{
    /**
     * @param int   $calls        in all, the first included
     * @param float $firstPause   seconds, as the others
     * @param float $longestPause of one
     * @param float $allPauses    of all together
     */
    public function __construct(
        public readonly int $calls = 8,
        public readonly float $firstPause = 0.2,
        public readonly float $longestPause = 15,
        public readonly float $allPauses = 120,
    ) {
    }

    /** Every failure is final. */
    public static function never(): self
    {
        return new self(calls: 1);
    }

    /**
     * Seconds to wait; null when it is not made again: what was refused is refused again, and
     * there is an end to patience. Pauses double, each is shortened by up to a half so that many
     * clients do not come back together, and none is shorter than the node asked for.
     *
     * @param int      $failures   in a row, the present one included
     * @param float    $paused     before, in all
     * @param int|null $retryAfter what the node asked for
     * @param float    $random     0 to 1
     */
    public function pause(ApiException $error, int $failures, float $paused, ?int $retryAfter, float $random): ?float
    {
        $mayPass = $error instanceof UnavailableException || $error instanceof OverloadedException;
        if (!$mayPass || $failures >= $this->calls) {
            return null;
        }
        $pause = min($this->longestPause, $this->firstPause * 2 ** min($failures - 1, 30)) * (1 - $random / 2);
        if ($retryAfter !== null) {
            $pause = max($pause, $retryAfter + $pause / 2);
        }

        return $paused + $pause > $this->allPauses ? null : $pause;
    }
}
