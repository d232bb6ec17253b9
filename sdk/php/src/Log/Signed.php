<?php

declare(strict_types=1);

namespace Plasm\Log;

/** By whom a note is signed, and since when: seconds since 1970 for a cosignature, else null. */
final class Signed
{
    public function __construct(public readonly VerifierKey $by, public readonly ?int $time)
    {
    }
}
