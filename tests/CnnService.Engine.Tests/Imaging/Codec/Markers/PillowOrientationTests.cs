using System.Diagnostics;
using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Tests.Shared;

namespace CnnService.Engine.Tests.Imaging.Codec.Markers;

/// <summary>Files of every orientation, container and form of the tag against Python's Pillow, which shows them upright.</summary>
public sealed class PillowOrientationTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Of 255. Both decode JPEG and WebP with the same libraries, of different versions.</summary>
    private const int Tolerance = 3;

    private readonly TestImaging _imaging = new();

    public void Dispose() => _imaging.Dispose();

    [Fact]
    public async Task Decode_OfEveryOrientationContainerAndForm_ShowsWhatPillowShows()
    {
        var cancel = TestContext.Current.CancellationToken;
        if (!File.Exists(Python) || (await RunAsync(["-c", "import PIL"], cancel)).Code != 0)
        {
            Assert.Skip("needs /usr/bin/python3 with PIL (Debian's python3-pil)");
        }

        var script = Path.Combine(
            Repository.Root, "tests", "CnnService.Engine.Tests", "Imaging", "Codec", "Markers", "orientations.py");
        var (code, errors) = await RunAsync([script, _imaging.Folder], cancel);
        Assert.True(code == 0, errors);

        var lines = await File.ReadAllLinesAsync(Path.Combine(_imaging.Folder, "index.txt"), cancel);
        Assert.True(lines.Length >= 300);
        Assert.Empty(lines.Select(Difference).OfType<string>());
    }

    /// <summary>Tells how a file is seen otherwise than by Pillow; null where it is seen alike.</summary>
    private string? Difference(string line)
    {
        var parts = line.Split(' ');
        var (width, height) = (int.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture));
        var path = Path.Combine(_imaging.Folder, parts[0]);
        var file = File.ReadAllBytes(path);
        return _imaging.Decoder.ReadHeader(file).Bind(header => _imaging.Decoder.Decode(file, DecodeTarget.Original)
            .Map(image => Difference(header, image, new(width, height, 3, File.ReadAllBytes(path + ".rgb")))))
            .Match(difference => difference is null ? null : $"{parts[0]}: {difference}", problem => $"{parts[0]}: {problem.Detail}");
    }

    private static string? Difference(ImageHeader header, PixelBuffer seen, PixelBuffer expected)
    {
        if ((header.Width, header.Height) != (expected.Width, expected.Height)
            || (seen.Width, seen.Height) != (header.Width, header.Height))
        {
            return $"header {header.Width}x{header.Height}, pixels {seen.Width}x{seen.Height}, expected {expected.Width}x{expected.Height}";
        }

        var largest = seen.Data.Zip(expected.Data).Max(pair => Math.Abs(pair.First - pair.Second));
        return largest > Tolerance ? $"differs by up to {largest}" : null;
    }

    private static async Task<(int Code, string Errors)> RunAsync(string[] arguments, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, errors);
    }
}
