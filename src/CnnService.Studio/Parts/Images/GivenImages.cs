using CnnService.Studio.Browser;

namespace CnnService.Studio.Parts.Images;

/// <summary>Images that somebody gave to the page.</summary>
internal static class GivenImages
{
    /// <summary>How many of one drop are looked at; the others of a folder belong into a data set.</summary>
    public const int Most = 12;

    private const long LargestFile = 32L << 20;

    /// <summary>Reads the first of them into memory, and forgets the drop.</summary>
    /// <exception cref="IOException">One is too large to be an image to look at.</exception>
    public static async Task<IReadOnlyList<ChosenImage>> ReadAsync(DroppedFiles files, int most, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(files);
        await using var drop = files;
        var images = new List<ChosenImage>();
        for (var i = 0; i < Math.Min(most, files.Count); i++)
        {
            if (files.Sizes[i] > LargestFile)
            {
                throw new IOException($"{files.Names[i]} is larger than 32 MB: too large to be looked at here.");
            }

            images.Add(new(files.Names[i].Split('/')[^1], null, await files.ReadAsync(i, cancel)));
        }

        return images;
    }
}
