// The configuration of nginx as an edge of CloudFront, whose distribution gives Banter's files.

export function edgeConf({ directory, scripts, port, s3, originPath, keyPairId }) {
    const { host } = new URL(s3.endpoint);
    return `
load_module /usr/lib/nginx/modules/ngx_http_js_module.so;
# One process: who kills it has killed all of it.
daemon off;
master_process off;
pid ${directory}/nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log ${directory}/access.log;
  client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi;
  scgi_temp_path ${directory}/scgi;
  proxy_cache_path ${directory}/cache levels=1:2 keys_zone=edge:8m max_size=2g use_temp_path=off;

  js_path ${scripts};
  js_import edge from edge_njs.js;
  js_set $origin_target edge.originTarget;
  js_set $origin_date edge.originDate;
  js_set $origin_authorization edge.originAuthorization;

  map "$status $upstream_cache_status" $x_cache {
    "~^[45]" "Error from cloudfront";
    "~HIT|STALE" "Hit from cloudfront";
    "~REVALIDATED" "RefreshHit from cloudfront";
    default "Miss from cloudfront";
  }
  upstream origin { server ${host}; keepalive 8; }

  server {
    listen 127.0.0.1:${port};
    set $key_pair_id ${keyPairId};
    set $public_key ${directory}/public.pem;
    set $origin_host ${host};
    set $origin_bucket ${s3.bucket}${originPath};
    set $origin_region ${s3.region};
    set $origin_access_key_id ${s3.credentials.accessKeyId};
    set $origin_secret_access_key ${s3.credentials.secretAccessKey};
    add_header X-Cache $x_cache always;

    location / {
      limit_except GET { deny all; }
      auth_request /_check;
      auth_request_set $refusal $sent_http_x_refusal;
      error_page 403 = @refused;

      proxy_pass http://origin$origin_target;
      proxy_http_version 1.1;
      proxy_pass_request_headers off;
      proxy_set_header Connection "";
      proxy_set_header Host $origin_host;
      proxy_set_header X-Amz-Date $origin_date;
      proxy_set_header X-Amz-Content-Sha256 UNSIGNED-PAYLOAD;
      proxy_set_header Authorization $origin_authorization;

      proxy_cache edge;
      proxy_cache_key $origin_target;
      proxy_cache_lock on;
      proxy_cache_revalidate on;
      proxy_cache_valid 200 1d;
      proxy_cache_valid 404 10s;
      proxy_cache_use_stale error timeout http_500 http_502 http_503 http_504;

      add_header X-Cache $x_cache always;
      add_header X-Content-Type-Options nosniff always;
      add_header Content-Security-Policy "sandbox; default-src 'none'" always;
    }
    location = /_check { internal; js_content edge.check; }
    location @refused {
      internal;
      default_type text/xml;
      add_header X-Cache "Error from cloudfront" always;
      add_header X-Refusal $refusal always;
      return 403 '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>';
    }
    location = /_ready { access_log off; return 204; }
  }
}
`;
}
