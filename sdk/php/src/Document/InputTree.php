<?php

declare(strict_types=1);

namespace Plasm\Document;

use Plasm\Json\Node;

/** A folder that a guest is given: its path there, and the digests of spec/job.md section 3. */
final class InputTree
{
    public function __construct(
        public readonly string $guest,
        public readonly string $tree,
        public readonly ?string $layout = null,
    ) {
    }

    /** @return list<self> */
    public static function readAll(Node $node): array
    {
        return array_map(static function (Node $item): self {
            $item->members(['guest', 'tree'], ['layout']);

            return new self(
                $item->get('guest')->guestPath(),
                $item->get('tree')->digest(),
                $item->has('layout') ? $item->get('layout')->digest() : null,
            );
        }, $node->items());
    }
}
