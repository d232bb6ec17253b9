<?php

declare(strict_types=1);

namespace Plasm\Trust;

/** What becomes of a card that is offered: spec/trust.md section 3. */
enum CardOutcome: string
{
    case Accepted = 'accepted';
    case Malformed = 'refused-malformed';
    case BadSignature = 'refused-signature';
    // Older than one that was accepted before.
    case Rollback = 'rollback';
    // Of the version of one that was accepted before, with other bytes: the node has signed both.
    case Conflict = 'conflict';
}
