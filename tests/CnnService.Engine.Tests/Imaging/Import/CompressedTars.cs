namespace CnnService.Engine.Tests.Imaging.Import;

/// <summary>
/// A tar of four PNG files (a/0, a/1, b/0, b/1) as GNU tar 1.34 wrote it and xz 5.4.1, bzip2 1.0.8 and zstd 1.5.4 compressed it.
/// </summary>
internal static class CompressedTars
{
    public static readonly IReadOnlyDictionary<string, string> Base64 = new Dictionary<string, string>
    {
        ["xz without a check"] =
            "/Td6WFoAAAD/EtlBAgAhARwAAAAQz1jM4Bf/AN9dADCLvBunjDRE4cIHdej848CSZS+oZztBv/do1GwP4SklnidT5170QdPfgtWwin99wd2Tar" +
            "ytD73y5B1+9J4Q5GVCraC1f3qELrUstRFRr6pdK+08497dK13j8qSh5ZwlCgCgncXIYxLTqKd2OyE3ugvPTNrQKmhuRZGBXzcC3wb9zMl57Evy" +
            "VK+ZQ5sR3E5rGJ+bEbe09pp2tTiSeInJ2AuplBdilemHvF5xsrcPbN1QdwbO1cCTSjSYc/HqR9PLVDtrZHze+F7fGsteGEiADe8lfjrKoPIdrg" +
            "dCD0p+OgAAAAAB8wGAMAAAccUBpKgACvwCAAAAAABZWg==",
        ["xz with CRC-32"] =
            "/Td6WFoAAAFpIt42AgAhARwAAAAQz1jM4Bf/AN9dADCLvBunjDRE4cIHdej848CSZS+oZztBv/do1GwP4SklnidT5170QdPfgtWwin99wd2Tar" +
            "ytD73y5B1+9J4Q5GVCraC1f3qELrUstRFRr6pdK+08497dK13j8qSh5ZwlCgCgncXIYxLTqKd2OyE3ugvPTNrQKmhuRZGBXzcC3wb9zMl57Evy" +
            "VK+ZQ5sR3E5rGJ+bEbe09pp2tTiSeInJ2AuplBdilemHvF5xsrcPbN1QdwbO1cCTSjSYc/HqR9PLVDtrZHze+F7fGsteGEiADe8lfjrKoPIdrg" +
            "dCD0p+OgAAAEC9B+oAAfcBgDAAAGeHkD8+MA2LAgAAAAABWVo=",
        ["xz with CRC-64"] =
            "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Bf/AN9dADCLvBunjDRE4cIHdej848CSZS+oZztBv/do1GwP4SklnidT5170QdPfgtWwin99wd2Tar" +
            "ytD73y5B1+9J4Q5GVCraC1f3qELrUstRFRr6pdK+08497dK13j8qSh5ZwlCgCgncXIYxLTqKd2OyE3ugvPTNrQKmhuRZGBXzcC3wb9zMl57Evy" +
            "VK+ZQ5sR3E5rGJ+bEbe09pp2tTiSeInJ2AuplBdilemHvF5xsrcPbN1QdwbO1cCTSjSYc/HqR9PLVDtrZHze+F7fGsteGEiADe8lfjrKoPIdrg" +
            "dCD0p+OgAAAPDHPxtRvm30AAH7AYAwAAAcR1JIscRn+wIAAAAABFla",
        ["xz with SHA-256"] =
            "/Td6WFoAAArh+wyhAgAhARwAAAAQz1jM4Bf/AN9dADCLvBunjDRE4cIHdej848CSZS+oZztBv/do1GwP4SklnidT5170QdPfgtWwin99wd2Tar" +
            "ytD73y5B1+9J4Q5GVCraC1f3qELrUstRFRr6pdK+08497dK13j8qSh5ZwlCgCgncXIYxLTqKd2OyE3ugvPTNrQKmhuRZGBXzcC3wb9zMl57Evy" +
            "VK+ZQ5sR3E5rGJ+bEbe09pp2tTiSeInJ2AuplBdilemHvF5xsrcPbN1QdwbO1cCTSjSYc/HqR9PLVDtrZHze+F7fGsteGEiADe8lfjrKoPIdrg" +
            "dCD0p+OgAAADExXSMnueWNw/1axnh0w14Lh7fToXkvViIppcOJw3naAAGTAoAwAAD7sFXrtunfHAIAAAAAClla",
        ["xz of six blocks"] =
            "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AP/AEddADCLvBunjDRE4cIHdej848CSZS+oZztBv/do1GwP4SklnidT5170QdPfgtWvU+B0RyCQpd" +
            "nRK2rxVd7DiHe+zfHZ81Gh8WIAAAB7zbnjiC7VEwIAIQEWAAAAdC/lo+AD/wB8XQBElAXEeif29+6JjlCQiLOq1VAiWEOIKZhV/2V0udVemXwW" +
            "RmI0wA1NbFbfQD39C1sUXMgTM/rSVKjXBOXspbnXJ+ggF7Ez2Rlsr038VH1UghBVnXRiqjAwrBA4wgWI8IetTreT5tRdxIy0zyN8dQs+oFeAaZ" +
            "AnzaSifhgAAFAlHjftodobAgAhARYAAAB0L+Wj4AP/AHJdAESUBcR6J/b37omOUJCIs6rVUCJYQ4gpmFX/ZXS51V6ZfBZGYjTADYLthMuTRBqH" +
            "vKOXGP0g/FfjeHB5lIzZzJ++EescpfSr47S8uaGxizE8+HLfeqv5LPtNPYmscDGGs+FJ+U7thcx78DbeGs3jEE13AAAAAN3kkYjO4prKAgAhAR" +
            "YAAAB0L+Wj4AP/AHldADELwgMBk7kIV9CzOxEA6uW0+dEKRWinFdrDtvhe7t4IF3eMxr+ev+VWp0cTAbzXB8X3AvpFS9SnA2VD65RDHclkX9ZG" +
            "q8Pp/vidq+euPxaG2tf5/m7nwl592BRa2mmY9VUIB5ddJdTvkIiOfx45GaSHKtsm/bV5EAAAAAAArso4GrnhAFICACEBFgAAAHQv5aPgA/8Ael" +
            "0AMQvCIwGTuQhX0LM7EQDq5bT50QpFaKcV2sO2+F7u4hbvyLTj/1YC7kCIp1qsBy/PjZgsssRNslzPf7/o6GFgbFuCA35TpqwSxHAiKeRgG35C" +
            "Ivh440AHu2AB9hUcLowr4l0mTVV1av6T9LC9m2huLLEd+f7qlAOoCAAAAAASjbiOXzMdzAIAIQEWAAAAdC/lo+AD/wALXQAAb/3//6O3f0YyAA" +
            "AADCdpIJdjeMMABmOACJgBgAiOAYAIlQGACJYBgAgngAjXzBZtp4b2YAYAAAAABFla",
        ["xz of two streams"] =
            "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Au3AK1dADCLvBunjDRE4cIHdej848CSZS+oZztBv/do1GwP4SklnidT5170QdPfgtWvU+B0RyCQpd" +
            "nRK2rxVd7DiHe+zfHZ81GocdG96sGprow30SS3gbqe4tSOb+vR+XOISxRYeXH7qg1LF/iHYX/wBCnwAFC8dmxIWs3vpMJVNogxMy11huvBVZ8j" +
            "xPWByxT+YZ4pKDW7G0RVt+XFXKJzRU37VuVEbU5+T+G1wi4+vkprAAAAAKVMZ1MJqW0KAAHJAbgXAACRYX0JscRn+wIAAAAABFlaAAAAAAAAAA" +
            "D9N3pYWgAABObWtEYCACEBFgAAAHQv5aPgDEcAnV0AAG5oqG4Dp9MM5rjOVo+wK0zC0BySlsKQygk2PRkYwyZCpPT7iD498SIcft7naGfja80i" +
            "v5e7b3gOkLFE7WkpK664dRZbJKyYkzFtt8k9n1peU9qqT7BClDoABlfuCS9whu9tvUswKRLcXut/gLT7ZLFfAJTTb9ga9YIy4Z9MaXH3YqMnAf" +
            "E4b+cAB9NEpyFRXwPHNwp1T6E/QeXmAAAAAADwSR1YbkfqTwABuQHIGAAA8Ys8YrHEZ/sCAAAAAARZWg==",
        ["bzip2"] =
            "QlpoOTFBWSZTWfmEcZYAAUt///z2d1BqI/egPulVIXqDfsAxMIkAAh0IgCAJABRAAASIMAE7VAc0aNDTCAaYE00AZDQxAGjEaGCMgAklImJoya" +
            "D0aTCGQ8iZGg0DTE02oADI0MBVJEFG0Q2pkMR6npBmgGphpBkyaPKabUwniYp+pht6fRSPqWHvWSg9aL0TEuErmgZCsZ5IQJ1/TIGZwHB0FOIA" +
            "YUwUgESHnAZhKvLCmR1pEUickel8D2Gy+RTMvdgnLXLfT9jUGLbF5i0BW39XwDHwHQ8OkPezM0oIokq4wJKELryoiJ0cSm1TMLSSJWiRRWTNfY" +
            "eZPPWT5pKJjLOpnNx3Pn9uczO86rpdP2TEiRzHkN4kXjpMJmmK0dtVHXJF8myUZcSJTSoKuEwGIwnbbRjRjRyoowHS76RiZ5UZMf/V/5R47BSL" +
            "m4m/tazQUFlUR1SHgLuSKcKEh8wjjLA=",
        ["bzip2 of two streams"] =
            "QlpoOTFBWSZTWXuPxhsAAMJ/3/z2dxBAI/egPulVIXqDfkAwIIAFCAAACQAUQAAECDAA2AcZMmTEYmAEyYJkANGEYAhgOMmTJiMTACZMEyAGjC" +
            "MAQwBVU9REMTTQ0A0GjIA0A0MmmgGJ5T96pV9tt9abVCJPl2NNqv5WWEEiSzxaNyJULI11xBpmgSaEDjrqQTJUOJwrS66VNPC7f+02w2z3JjEu" +
            "OnUr4MMKikSOGBIwMKsSJi8p86qtoItoVUb9tYS1UtZEr+mZzw673Z4qmZjwMD1SoQvq7jQwsTI0WXE+88+YPdmonzEUM7KyMzKyXicnPIysaV" +
            "YT19lDHs0KG1Tkf4u5IpwoSD3H4w2AQlpoOTFBWSZTWQziDsAAAAF//9zSYFBqI/eANulUIHiDXsAxMAkAAh0IgCAIABRAAASIMADYUJVQaAAA" +
            "BkGQMgAAZBp6QzUOMmTJiMTACZMEyAGjCMAQwBVRT1T1PSaaNNGjRkMgAaNA0xAPU0NDSv35JOpZZmqx0iPO01Z+NCGkjAQuXbquXVhWTwLEUY" +
            "iqkeyJJJFaWXIkoyUnu1nxsvFM5stXG+dToxqiSC9EgwtFBSS2E5aW2aKdfU0l7sfbAwKeFJFFfSXEXgxPpUW0xielCbL+qDuOngdECBA+8Iin" +
            "sSRh58rJTJqihk/ESVAQFtQzRQ/xdyRThQkAziDsAA==",
        ["zstd"] =
            "KLUv/WQAFz0HAMQJYS8AMDc1NQAwNjEyNQAgNQB1c3RhciAgAGEvMC5wbmc2NDQxMTI3NjQAIDCJUE5HDQoaCg1JSERSAAAACAAAAAgIAgAAAE" +
            "ttKdwRSURBVHjaY2AUOYEVMQwtCQBlQzdBzjcty0lFTkSuQmCCAGEvMTXgEBYSOQFxVo9UYjZiLzBgrBDBihiGlgQAwcsjQSGTqy02qqUaJYH3" +
            "NMF3HCBgTeq0Af1RgV8p/jLIqlAoIJjVYGLAlRtjqlQGRN1fin/xUVQ2GUCUk6XSKwYQQASjQsTxxfmAadNPcRCl/CrhgIMCzCfuBpm4WlQ=",
        ["zstd of two frames"] =
            "KLUv/QRYtQYAFAlhLwAwMDAwNzU1MDAwADAwNjEyNQAgNQB1c3RhciAgAGEvMC5wbmcAMDAwMDY0NDAxMTIANjc2NAAgMIlQTkcNChoKAAAADU" +
            "lIRFIAAAAIAAAACAgCAAAAS20p3AAAABFJREFUeNpjYBQ5gRUxDC0JAGVDN0HONy3LSUVORK5CYIJhLzE14BAWEjkBcVaPVGI2GQAbQJXKgCB1" +
            "f4Hi4MVHoLLJAJnyTKBaYNwBC/wBggYUAC9m2s4FwNIVCueLMAkmTgcUByAdrPj5AFYAcKxcxicwBPp/nsIotS/9BFh9BQBUCAAAYi8wLnBuZw" +
            "AwMDAwNjQ0MDAwMDExMgAAMDA2NzY1ACAwAHVzdGFyICAAiVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mNgrBDB" +
            "ihiGlgQAwcsjQSGTqy0AAAAASUVORK5CYIIAYi8xNuCqpRolgfc0wXcOAP1BBX6B4uDFR6CyyQCZcossUCMdUByA5MADWDXAsXKZBBMfFGAB73" +
            "74yA==",
    };

    public static byte[] Bytes(string kind) => Convert.FromBase64String(Base64[kind]);
}
