"""The preset dictionary for the raw payloads of LIQUIDATIONS frames: what venues' rows have in common.

Part of the file format: never changed, only followed by another one with a codec of its own. The shapes are those of
the venues' public documentation, the commonest last.
"""

from __future__ import annotations

WORDS = (
    "BTC ETH SOL XRP DOGE BNB ADA AVAX LINK SUI LTC DOT TRX TON NEAR APT ARB OP UNI AAVE WIF 1000PEPE"
    '{"trade_id":"","timestamp":17,"direction":"sell","price":,"amount":,"liquidation":"T","index_price":,'
    '"mark_price":,"instrument_name":"-PERPETUAL","tick_direction":2}'
    '["pos",17,null,"tBTCF0:USTF0",-0.,,null,1,1,null,]'
    '{"contract":"BTC_USDT","entry_price":"","fill_price":"","left":0,"leverage":"","liq_price":"","margin":"",'
    '"mark_price":"","order_id":,"order_price":"","order_size":-,"size":,"time":17,"time_ms":17}'
    '{"query_id":,"contract_code":"BTC-USDT","symbol":"BTC","direction":"buy","offset":"close","volume":1.0,'
    '"price":,"created_at":17,"amount":0.,"trade_turnover":,"business_type":"swap","pair":"BTC-USDT"}'
    '{"contract_code":"ETH-USDT","symbol":"ETH","direction":"sell","offset":"close","volume":1.0,"price":,'
    '"created_at":17,"amount":0.,"trade_turnover":,"business_type":"swap","pair":"ETH-USDT"}'
    '{"instId":"BTC-USDT-SWAP","instType":"SWAP","instFamily":"BTC-USDT","uly":"BTC-USDT","details":['
    '{"bkLoss":"0","bkPx":"","ccy":"","posSide":"short","side":"buy","sz":"","ts":"17'
    '{"details":[{"bkLoss":"0","bkPx":"","ccy":"","posSide":"long","side":"sell","sz":"","ts":"17"}],'
    '"instFamily":"BTC-USDT","instId":"BTC-USDT-SWAP","instType":"SWAP","uly":"BTC-USDT"}'
    '{"e":"forceOrder","E":17,"o":{"s":"BTCUSDT","ps":"BTCUSDT","S":"BUY","o":"LIMIT","f":"IOC","q":"0.","p":"",'
    '"ap":"","X":"FILLED","l":"0.","z":"0.","T":17}}'
    '{"T":17,"s":"ETHUSDT","S":"Sell","v":"0.","p":"'
    '{"T":17,"s":"BTCUSDT","S":"Buy","v":"0.","p":""}'
    '{"e":"forceOrder","E":17,"o":{"s":"ETHUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"0.","p":"","ap":"",'
    '"X":"FILLED","l":"0.","z":"0.","T":17,"ps":"ETHUSDT","st":1}}'
).encode("ascii")
