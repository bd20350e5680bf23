// Generated from package-lock.json and the packages themselves by scripts/generate-native-pins.ts. Do not edit.
import type { NativePins } from './native-packages/pins.ts';

/** DuckDB's packages by platform. */
export const DUCKDB_PINS: NativePins = {
  "title": "DuckDB",
  "use": "reads tables with it",
  "folder": "duckdb",
  "main": "@duckdb/node-api",
  "platforms": {
    "darwin-arm64": {
      "version": "1.5.5-r.5",
      "packages": [
        {
          "name": "@duckdb/node-api",
          "version": "1.5.5-r.5",
          "integrity": "sha512-ZMX+sel3DjSKbGuQ44Y5Tp5LwYjlJkhB5faKr+9sSMcxixDMSW+8vaTOD1uRDuN9o0udUoCY/XX9PI1haEZuZg=="
        },
        {
          "name": "@duckdb/node-bindings",
          "version": "1.5.5-r.5",
          "integrity": "sha512-sR7x91TfBunLqLbdvrcdiPCU+VGEQFPicxh1STZM402fuHW2ituPTAo2bY3IlntsvJShltrKF4R6B+JYPlAPZg=="
        },
        {
          "name": "@duckdb/node-bindings-darwin-arm64",
          "version": "1.5.5-r.5",
          "integrity": "sha512-WJdeLTFy4pRg60rkbp9smtlP1iIQ8ErtIJkxS+2LQtM1ZZMSByyW+3WPpNoKe7IwPtVl2fLlPw7tDmQW4Z974g=="
        }
      ],
      "files": "c28fae62c8b91f7a192ca36707452924d8bc93a24ba29d5fb11fa40b6b84813d",
      "packedBytes": 36910054
    },
    "darwin-x64": {
      "version": "1.5.5-r.5",
      "packages": [
        {
          "name": "@duckdb/node-api",
          "version": "1.5.5-r.5",
          "integrity": "sha512-ZMX+sel3DjSKbGuQ44Y5Tp5LwYjlJkhB5faKr+9sSMcxixDMSW+8vaTOD1uRDuN9o0udUoCY/XX9PI1haEZuZg=="
        },
        {
          "name": "@duckdb/node-bindings",
          "version": "1.5.5-r.5",
          "integrity": "sha512-sR7x91TfBunLqLbdvrcdiPCU+VGEQFPicxh1STZM402fuHW2ituPTAo2bY3IlntsvJShltrKF4R6B+JYPlAPZg=="
        },
        {
          "name": "@duckdb/node-bindings-darwin-x64",
          "version": "1.5.5-r.5",
          "integrity": "sha512-rN0KjX13MwVQ5V5ufykolty/tf4SaafOpGWcUA1Cegf98jPeRdsJsEE1IMXn8n3u6WvMSZEVJmHJ3ma4Hr7Vzg=="
        }
      ],
      "files": "d7c55019fb8b227ca94ebf606741bc29aa65befd1bbdac2a994e68d7d05081de",
      "packedBytes": 36910687
    },
    "linux-arm64": {
      "version": "1.5.5-r.5",
      "packages": [
        {
          "name": "@duckdb/node-api",
          "version": "1.5.5-r.5",
          "integrity": "sha512-ZMX+sel3DjSKbGuQ44Y5Tp5LwYjlJkhB5faKr+9sSMcxixDMSW+8vaTOD1uRDuN9o0udUoCY/XX9PI1haEZuZg=="
        },
        {
          "name": "@duckdb/node-bindings",
          "version": "1.5.5-r.5",
          "integrity": "sha512-sR7x91TfBunLqLbdvrcdiPCU+VGEQFPicxh1STZM402fuHW2ituPTAo2bY3IlntsvJShltrKF4R6B+JYPlAPZg=="
        },
        {
          "name": "@duckdb/node-bindings-linux-arm64",
          "version": "1.5.5-r.5",
          "integrity": "sha512-CafH2AIvXtpwDynG3KB/4uEOHRGlFoB7auCRMIwH3BKNIobsANV5LSpDJ3tfyRCFIsK6e8AT1eseWVnu2Dv3cw=="
        },
        {
          "name": "detect-libc",
          "version": "2.1.2",
          "integrity": "sha512-Btj2BOOO83o3WyH59e8MgXsxEQVcarkUOpEYrubB0urwnN10yQ364rsiByU11nZlqWYZm05i/of7io4mzihBtQ=="
        }
      ],
      "files": "5aeda204849b4efb898547761fcdbd32dfb203f904242aac63d75d9097b58927",
      "packedBytes": 21761847
    },
    "linux-arm64-musl": {
      "version": "1.5.5-r.5",
      "packages": [
        {
          "name": "@duckdb/node-api",
          "version": "1.5.5-r.5",
          "integrity": "sha512-ZMX+sel3DjSKbGuQ44Y5Tp5LwYjlJkhB5faKr+9sSMcxixDMSW+8vaTOD1uRDuN9o0udUoCY/XX9PI1haEZuZg=="
        },
        {
          "name": "@duckdb/node-bindings",
          "version": "1.5.5-r.5",
          "integrity": "sha512-sR7x91TfBunLqLbdvrcdiPCU+VGEQFPicxh1STZM402fuHW2ituPTAo2bY3IlntsvJShltrKF4R6B+JYPlAPZg=="
        },
        {
          "name": "@duckdb/node-bindings-linux-arm64-musl",
          "version": "1.5.5-r.5",
          "integrity": "sha512-00z3mYHUBAucp3L73EoftKDdaGOaV8ENELejiT+PK7dFjTzdXxqhJwZ1LaQV1/zEhIecz+x23f6WvFhWw+7XXQ=="
        },
        {
          "name": "detect-libc",
          "version": "2.1.2",
          "integrity": "sha512-Btj2BOOO83o3WyH59e8MgXsxEQVcarkUOpEYrubB0urwnN10yQ364rsiByU11nZlqWYZm05i/of7io4mzihBtQ=="
        }
      ],
      "files": "b5ab92974349ad0d9df7887800e45c46692fdb945996b1875b6d16c2c47739ca",
      "packedBytes": 22902846
    },
    "linux-x64": {
      "version": "1.5.5-r.5",
      "packages": [
        {
          "name": "@duckdb/node-api",
          "version": "1.5.5-r.5",
          "integrity": "sha512-ZMX+sel3DjSKbGuQ44Y5Tp5LwYjlJkhB5faKr+9sSMcxixDMSW+8vaTOD1uRDuN9o0udUoCY/XX9PI1haEZuZg=="
        },
        {
          "name": "@duckdb/node-bindings",
          "version": "1.5.5-r.5",
          "integrity": "sha512-sR7x91TfBunLqLbdvrcdiPCU+VGEQFPicxh1STZM402fuHW2ituPTAo2bY3IlntsvJShltrKF4R6B+JYPlAPZg=="
        },
        {
          "name": "@duckdb/node-bindings-linux-x64",
          "version": "1.5.5-r.5",
          "integrity": "sha512-kCyq6BXhn6QXfwF8yVdVKriSSHP+rfVWcJ56cG8qZzlOZpxyvT5WGm6jMshxg4ditLlOsHsIN/D47RYrcjXuHQ=="
        },
        {
          "name": "detect-libc",
          "version": "2.1.2",
          "integrity": "sha512-Btj2BOOO83o3WyH59e8MgXsxEQVcarkUOpEYrubB0urwnN10yQ364rsiByU11nZlqWYZm05i/of7io4mzihBtQ=="
        }
      ],
      "files": "5f64348adb42b71d3091b76d6976eb5de6d3c96955c7130c31897149b6c03179",
      "packedBytes": 24011619
    },
    "linux-x64-musl": {
      "version": "1.5.5-r.5",
      "packages": [
        {
          "name": "@duckdb/node-api",
          "version": "1.5.5-r.5",
          "integrity": "sha512-ZMX+sel3DjSKbGuQ44Y5Tp5LwYjlJkhB5faKr+9sSMcxixDMSW+8vaTOD1uRDuN9o0udUoCY/XX9PI1haEZuZg=="
        },
        {
          "name": "@duckdb/node-bindings",
          "version": "1.5.5-r.5",
          "integrity": "sha512-sR7x91TfBunLqLbdvrcdiPCU+VGEQFPicxh1STZM402fuHW2ituPTAo2bY3IlntsvJShltrKF4R6B+JYPlAPZg=="
        },
        {
          "name": "@duckdb/node-bindings-linux-x64-musl",
          "version": "1.5.5-r.5",
          "integrity": "sha512-S5qEc7F+GjXt85T2xArjjvN5oc/IjtH6zsLJsuo8N3fQolheBCefemIMdZoK2Jik8a0sBxidiS6Ld4qprMPPDw=="
        },
        {
          "name": "detect-libc",
          "version": "2.1.2",
          "integrity": "sha512-Btj2BOOO83o3WyH59e8MgXsxEQVcarkUOpEYrubB0urwnN10yQ364rsiByU11nZlqWYZm05i/of7io4mzihBtQ=="
        }
      ],
      "files": "0607308c138da84dc0674f3fdb70ede307e9ed5216d8763913b85cdcdee67509",
      "packedBytes": 24804015
    },
    "win32-arm64": {
      "version": "1.5.5-r.5",
      "packages": [
        {
          "name": "@duckdb/node-api",
          "version": "1.5.5-r.5",
          "integrity": "sha512-ZMX+sel3DjSKbGuQ44Y5Tp5LwYjlJkhB5faKr+9sSMcxixDMSW+8vaTOD1uRDuN9o0udUoCY/XX9PI1haEZuZg=="
        },
        {
          "name": "@duckdb/node-bindings",
          "version": "1.5.5-r.5",
          "integrity": "sha512-sR7x91TfBunLqLbdvrcdiPCU+VGEQFPicxh1STZM402fuHW2ituPTAo2bY3IlntsvJShltrKF4R6B+JYPlAPZg=="
        },
        {
          "name": "@duckdb/node-bindings-win32-arm64",
          "version": "1.5.5-r.5",
          "integrity": "sha512-L3Mroc23xhqOowWVElni8LgEmsm5e9DdG1y2pLka/1ug3Pl2vpQMl1Phxwz4UEMF8DOBbMgN5BBNrYwG2BFo+g=="
        }
      ],
      "files": "8777320b150e6c00fdc9a80bebc03282614d03bae02bb492554b1bf5771dae2d",
      "packedBytes": 14581576
    },
    "win32-x64": {
      "version": "1.5.5-r.5",
      "packages": [
        {
          "name": "@duckdb/node-api",
          "version": "1.5.5-r.5",
          "integrity": "sha512-ZMX+sel3DjSKbGuQ44Y5Tp5LwYjlJkhB5faKr+9sSMcxixDMSW+8vaTOD1uRDuN9o0udUoCY/XX9PI1haEZuZg=="
        },
        {
          "name": "@duckdb/node-bindings",
          "version": "1.5.5-r.5",
          "integrity": "sha512-sR7x91TfBunLqLbdvrcdiPCU+VGEQFPicxh1STZM402fuHW2ituPTAo2bY3IlntsvJShltrKF4R6B+JYPlAPZg=="
        },
        {
          "name": "@duckdb/node-bindings-win32-x64",
          "version": "1.5.5-r.5",
          "integrity": "sha512-mBGFn8netT/AAhK4TOG6Fw47+Db68CxCVtQ9qfxZc1kZAjds+aYrh17Fd/u5CbTDdxILsrcyuF8q9cUcm54kQA=="
        }
      ],
      "files": "d155ff2a91a50fd8d8a5063762aa8bfa09300b129ba2e770458c2904149c8aca",
      "packedBytes": 13671073
    }
  }
};

/** ONNX Runtime's packages by platform. */
export const ONNX_RUNTIME_PINS: NativePins = {
  "title": "ONNX Runtime",
  "use": "runs ONNX models with it",
  "folder": "onnxruntime",
  "main": "onnxruntime-node",
  "platforms": {
    "darwin-arm64": {
      "version": "1.30.0",
      "packages": [
        {
          "name": "onnxruntime-node",
          "version": "1.30.0",
          "integrity": "sha512-twhs1C2C/BFkz1yc5OY0KIU2GUq6DURO7hD4bx5Q2Qy3nAMJwRXW8xU3NVczE29VA9lolLOYepoD8fjTGOfIqw=="
        },
        {
          "name": "onnxruntime-common",
          "version": "1.30.0",
          "integrity": "sha512-7fdVWjAID1dVhH/G8qK3APARunV4VkBFoCQAP7qp4Wkab0mrorvmc+sqiT+mKXOzDqdjN5j+/Z9nb4gzNPWcyA=="
        }
      ],
      "files": "e36af2178e24b899751493502d570ca23d6b62094d0f99c5f9d4526093365a52",
      "packedBytes": 113574683,
      "keep": [
        "onnxruntime-node/package.json",
        "onnxruntime-node/dist",
        "onnxruntime-node/bin/napi-v6/darwin/arm64",
        "onnxruntime-common/package.json",
        "onnxruntime-common/dist/cjs"
      ]
    },
    "linux-arm64": {
      "version": "1.30.0",
      "packages": [
        {
          "name": "onnxruntime-node",
          "version": "1.30.0",
          "integrity": "sha512-twhs1C2C/BFkz1yc5OY0KIU2GUq6DURO7hD4bx5Q2Qy3nAMJwRXW8xU3NVczE29VA9lolLOYepoD8fjTGOfIqw=="
        },
        {
          "name": "onnxruntime-common",
          "version": "1.30.0",
          "integrity": "sha512-7fdVWjAID1dVhH/G8qK3APARunV4VkBFoCQAP7qp4Wkab0mrorvmc+sqiT+mKXOzDqdjN5j+/Z9nb4gzNPWcyA=="
        }
      ],
      "files": "873bbc482bbfb944724f59654cbad9652e992cc06d36a0015fe848f6b949b178",
      "packedBytes": 113574683,
      "keep": [
        "onnxruntime-node/package.json",
        "onnxruntime-node/dist",
        "onnxruntime-node/bin/napi-v6/linux/arm64",
        "onnxruntime-common/package.json",
        "onnxruntime-common/dist/cjs"
      ]
    },
    "linux-x64": {
      "version": "1.30.0",
      "packages": [
        {
          "name": "onnxruntime-node",
          "version": "1.30.0",
          "integrity": "sha512-twhs1C2C/BFkz1yc5OY0KIU2GUq6DURO7hD4bx5Q2Qy3nAMJwRXW8xU3NVczE29VA9lolLOYepoD8fjTGOfIqw=="
        },
        {
          "name": "onnxruntime-common",
          "version": "1.30.0",
          "integrity": "sha512-7fdVWjAID1dVhH/G8qK3APARunV4VkBFoCQAP7qp4Wkab0mrorvmc+sqiT+mKXOzDqdjN5j+/Z9nb4gzNPWcyA=="
        }
      ],
      "files": "5441b63b4288efda37ab15275236720f07760b89b04845a47a8866b6e2e16306",
      "packedBytes": 113574683,
      "keep": [
        "onnxruntime-node/package.json",
        "onnxruntime-node/dist",
        "onnxruntime-node/bin/napi-v6/linux/x64",
        "onnxruntime-common/package.json",
        "onnxruntime-common/dist/cjs"
      ]
    },
    "win32-arm64": {
      "version": "1.30.0",
      "packages": [
        {
          "name": "onnxruntime-node",
          "version": "1.30.0",
          "integrity": "sha512-twhs1C2C/BFkz1yc5OY0KIU2GUq6DURO7hD4bx5Q2Qy3nAMJwRXW8xU3NVczE29VA9lolLOYepoD8fjTGOfIqw=="
        },
        {
          "name": "onnxruntime-common",
          "version": "1.30.0",
          "integrity": "sha512-7fdVWjAID1dVhH/G8qK3APARunV4VkBFoCQAP7qp4Wkab0mrorvmc+sqiT+mKXOzDqdjN5j+/Z9nb4gzNPWcyA=="
        }
      ],
      "files": "ea418c74e7c122178c4f8a49603f96796d2fc222ddc732b5bf2dd9418c47f99b",
      "packedBytes": 113574683,
      "keep": [
        "onnxruntime-node/package.json",
        "onnxruntime-node/dist",
        "onnxruntime-node/bin/napi-v6/win32/arm64",
        "onnxruntime-common/package.json",
        "onnxruntime-common/dist/cjs"
      ]
    },
    "win32-x64": {
      "version": "1.30.0",
      "packages": [
        {
          "name": "onnxruntime-node",
          "version": "1.30.0",
          "integrity": "sha512-twhs1C2C/BFkz1yc5OY0KIU2GUq6DURO7hD4bx5Q2Qy3nAMJwRXW8xU3NVczE29VA9lolLOYepoD8fjTGOfIqw=="
        },
        {
          "name": "onnxruntime-common",
          "version": "1.30.0",
          "integrity": "sha512-7fdVWjAID1dVhH/G8qK3APARunV4VkBFoCQAP7qp4Wkab0mrorvmc+sqiT+mKXOzDqdjN5j+/Z9nb4gzNPWcyA=="
        }
      ],
      "files": "32c65d1d5fb3fcf9038c57adf4798913c3dc3e0109fd20b7617d026f0765c258",
      "packedBytes": 113574683,
      "keep": [
        "onnxruntime-node/package.json",
        "onnxruntime-node/dist",
        "onnxruntime-node/bin/napi-v6/win32/x64",
        "onnxruntime-common/package.json",
        "onnxruntime-common/dist/cjs"
      ]
    }
  }
};
