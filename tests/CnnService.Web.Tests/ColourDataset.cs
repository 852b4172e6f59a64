using System.IO.Compression;
using System.Net;
using System.Text;

namespace CnnService.Web.Tests;

/// <summary>A data set of images of one colour each, imported the way a user would.</summary>
internal static class ColourDataset
{
    /// <param name="service">Imports it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="images">Path in the archive (<c>validation/red/1.png</c>) and colour.</param>
    public static async Task ImportAsync(
        CnnServiceApplication service, string name, params (string Path, byte Red, byte Green, byte Blue)[] images)
    {
        using var form = new MultipartFormDataContent { { new StringContent(name, Encoding.UTF8), "name" } };
        form.Add(new ByteArrayContent(Archive(images)), "file", "images.zip");
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets"), form);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var dataset = await Eventually.IsAsync(() => service.GetJsonAsync($"datasets/{name}"),
            seen => seen.GetProperty("status").GetString() != "importing");
        Assert.Equal("ready", dataset.GetProperty("status").GetString());
    }

    /// <summary>A zip of images of one colour each.</summary>
    public static byte[] Archive((string Path, byte Red, byte Green, byte Blue)[] images)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, red, green, blue) in images)
            {
                using var entry = zip.CreateEntry(path).Open();
                entry.Write(RedOrBlue.Image(red, green, blue));
            }
        }

        return memory.ToArray();
    }
}
