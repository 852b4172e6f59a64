using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;

namespace CnnService.Web.Tests;

/// <summary>
/// Drawn images in which shapes occur together: a bright disc, a dark square, a green bar, in any combination, none included.
/// </summary>
internal static class ShapesTogether
{
    public const int Side = 32;

    public static readonly string[] Classes = ["bar", "disc", "square"];

    /// <summary>The labels of an image: each class is in half of the images.</summary>
    public static string[] Labels(int number) => [.. Classes.Where((_, bit) => (number >> bit) % 2 == 1)];

    /// <summary>An image with the shapes of its number, at places drawn from it.</summary>
    public static byte[] Image(int number)
    {
        var random = new Random(number);
        var pixels = new PixelBuffer(Side, Side, 3);
        for (var i = 0; i < pixels.Data.Length; i++)
        {
            pixels.Data[i] = (byte)(110 + random.Next(20));
        }

        foreach (var name in Labels(number))
        {
            int x = 5 + random.Next(16), y = 5 + random.Next(16);
            Fill(pixels, name switch
            {
                "disc" => (px, py) => ((px - x - 3) * (px - x - 3)) + ((py - y - 3) * (py - y - 3)) <= 16,
                "square" => (px, py) => px >= x && px < x + 7 && py >= y && py < y + 7,
                _ => (px, py) => px >= 2 && px < Side - 2 && py >= y && py < y + 2,
            }, name switch { "disc" => [250, 240, 60], "square" => [10, 10, 90], _ => [20, 200, 40] });
        }

        return new PngEncoder().Encode(pixels, []);
    }

    /// <summary>An archive with a table of lists.</summary>
    /// <param name="count">Number of images.</param>
    public static byte[] Archive(int count)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var number = 0; number < count; number++)
            {
                using var entry = zip.CreateEntry($"images/{number}.png").Open();
                entry.Write(Image(number));
            }

            using var table = new StreamWriter(zip.CreateEntry("images/metadata.jsonl").Open());
            for (var number = 0; number < count; number++)
            {
                table.WriteLine(JsonSerializer.Serialize(new { file_name = $"{number}.png", labels = Labels(number) }));
            }
        }

        return memory.ToArray();
    }

    /// <summary>Imports it the way a user would.</summary>
    public static Task ImportAsync(CnnServiceApplication service, string name, int count) =>
        ImportAsync(service, name, Archive(count), "images.zip");

    /// <summary>Imports an archive the way a user would.</summary>
    public static async Task ImportAsync(CnnServiceApplication service, string name, byte[] archive, string file)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(name, Encoding.UTF8), "name" }, { new ByteArrayContent(archive), "file", file },
        };
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets"), form);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var dataset = await Eventually.IsAsync(
            () => service.GetJsonAsync($"datasets/{name}"), seen => seen.GetProperty("status").GetString() != "importing");
        Assert.Equal("ready", dataset.GetProperty("status").GetString());
    }

    private static void Fill(PixelBuffer pixels, Func<int, int, bool> isInside, byte[] color)
    {
        for (var i = 0; i < Side * Side; i++)
        {
            if (isInside(i % Side, i / Side))
            {
                color.CopyTo(pixels.Data, 3 * i);
            }
        }
    }
}
