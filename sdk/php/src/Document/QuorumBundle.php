<?php

declare(strict_types=1);

namespace Plasm\Document;

use Plasm\Exception\MalformedException;
use Plasm\Json\JsonLimits;
use Plasm\Json\Node;

/** What several nodes answered to one job, as one document: spec/quorum.md section 4. */
final class QuorumBundle
{
    public const TYPE = 'urn:plasm:quorum:v1';
    public const MAX_BYTES = 64 << 20;
    public const MAX_ANSWERS = 64;

    /**
     * @param int                $agree    how many answers have to give the same result, 1 to MAX_ANSWERS
     * @param string             $manifest its text, as it was sent
     * @param list<QuorumAnswer> $answers  1 to MAX_ANSWERS
     */
    private function __construct(
        public readonly int $agree,
        public readonly string $manifest,
        public readonly array $answers,
    ) {
    }

    /** Whether a document says that it is one. A reader then takes it for nothing else. */
    public static function isOne(string $json): bool
    {
        try {
            return self::node($json)->get('type')->string() === self::TYPE;
        } catch (MalformedException) {
            return false;
        }
    }

    /** @throws MalformedException */
    public static function parse(string $json): self
    {
        $node = self::node($json)->members(['type', 'agree', 'manifest', 'answers']);
        $node->get('type')->is(self::TYPE);
        $answers = [];
        foreach ($node->get('answers')->items(self::MAX_ANSWERS) as $item) {
            $item->members(['receipt'], ['proof']);
            $answers[] = new QuorumAnswer(
                $item->get('receipt')->string(),
                $item->has('proof') ? $item->get('proof')->string() : null,
            );
        }
        if ($answers === []) {
            $node->get('answers')->refuse('no answer', '1 to ' . self::MAX_ANSWERS);
        }

        return new self(
            $node->get('agree')->integer(1, self::MAX_ANSWERS),
            $node->get('manifest')->string(),
            $answers,
        );
    }

    private static function node(string $json): Node
    {
        return Node::parse($json, 'bundle', new JsonLimits(self::MAX_BYTES, 3, 4 * self::MAX_ANSWERS));
    }
}
