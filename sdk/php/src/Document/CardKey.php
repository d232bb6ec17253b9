<?php

declare(strict_types=1);

namespace Plasm\Document;

use Plasm\Encoding\Moment;
use Plasm\Json\Node;
use Plasm\Keys\PublicKey;

/** A key as a node's card lists it. */
final class CardKey
{
    /**
     * @param string      $use    receipt, log or tls
     * @param string|null $origin of the log; there exactly with "log"
     */
    private function __construct(
        public readonly string $use,
        public readonly PublicKey $key,
        public readonly Moment $from,
        public readonly Moment $to,
        public readonly ?string $origin,
    ) {
    }

    public static function read(Node $node): self
    {
        $isLog = $node->isObject() && $node->has('use') && $node->get('use')->string() === 'log';
        $node->members(['use', 'key', 'from', 'to', ...($isLog ? ['origin'] : [])]);
        $from = $node->get('from')->time();
        $to = $node->get('to')->time();
        if ($from->milliseconds > $to->milliseconds) {
            $node->get('to')->refuse($to->toString(), 'a time not before ' . $from->toString());
        }

        return new self(
            $node->get('use')->oneOf(['receipt', 'log', 'tls']),
            PublicKey::fromHex($node->get('key')->digest()),
            $from,
            $to,
            $isLog ? $node->get('origin')->origin() : null,
        );
    }

    public function isValidAt(Moment $time): bool
    {
        return $this->from->milliseconds <= $time->milliseconds && $time->milliseconds <= $this->to->milliseconds;
    }
}
