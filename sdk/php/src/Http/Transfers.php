<?php

declare(strict_types=1);

namespace Plasm\Http;

/** Transfers that share connections. One goes on while its reader waits for it; others with it. */
final class Transfers
{
    private const WAIT_SECONDS = 1.0;

    private readonly \CurlMultiHandle $multi;
    /** @var array<int, int> result by the handle's number, of those that have ended */
    private array $results = [];

    public function __construct()
    {
        $this->multi = curl_multi_init();
    }

    public function __destruct()
    {
        curl_multi_close($this->multi);
    }

    public function add(\CurlHandle $curl): void
    {
        curl_multi_add_handle($this->multi, $curl);
    }

    public function remove(\CurlHandle $curl): void
    {
        curl_multi_remove_handle($this->multi, $curl);
        unset($this->results[spl_object_id($curl)]);
    }

    /**
     * Does what there is to do, and waits a while for more when the reader has nothing.
     *
     * @param \Closure(): bool $isWaiting
     *
     * @return int|null the result of this transfer (CURLE_…), once it has ended
     */
    public function proceed(\CurlHandle $curl, \Closure $isWaiting): ?int
    {
        curl_multi_exec($this->multi, $running);
        while (($message = curl_multi_info_read($this->multi)) !== false) {
            $this->results[spl_object_id($message['handle'])] = $message['result'];
        }
        $result = $this->results[spl_object_id($curl)] ?? null;
        if ($result === null && $isWaiting()) {
            // Ends as soon as there is something to do; the time is for curl's own clocks.
            curl_multi_select($this->multi, self::WAIT_SECONDS);
        }

        return $result;
    }
}
