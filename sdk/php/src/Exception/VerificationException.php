<?php

declare(strict_types=1);

namespace Plasm\Exception;

use Plasm\Verdict;
use Plasm\Verify\Verification;

/** A receipt that does not vouch for what it should. Nothing of the result is to be believed. */
final class VerificationException extends \RuntimeException implements PlasmException
{
    public function __construct(public readonly Verification $verification)
    {
        parent::__construct("{$verification->verdict->value}: "
            . ($verification->reason !== '' ? $verification->reason : $verification->verdict->meaning()));
    }

    public function verdict(): Verdict
    {
        return $this->verification->verdict;
    }
}
