<?php

declare(strict_types=1);

namespace Plasm\Document;

/** Texts of one node's documents in a bundle, exactly; whether they are any is another question. */
final class QuorumAnswer
{
    public function __construct(public readonly string $receipt, public readonly ?string $proof)
    {
    }
}
