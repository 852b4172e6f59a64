using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Scans;

/// <summary>Enumerates images of a split at a network's input size.</summary>
internal static class SplitImages
{
    /// <summary>
    /// Visits as many images as the source asks for. They are spread evenly, since the images of a split are ordered by class.
    /// </summary>
    /// <param name="pixels">Decoded images of the data set.</param>
    /// <param name="model">Gives the input size.</param>
    /// <param name="source">Split and number of images.</param>
    /// <param name="begin">Called first, with the number of images to visit.</param>
    /// <param name="visit">Called with the index of an image in the split, and the image; a problem it returns ends the visit.</param>
    /// <param name="cancel">Checked between images.</param>
    /// <returns>The number of images visited. Problem code: <c>scan.no-images</c>, and those of reading images.</returns>
    public static Outcome<int> Visit(
        IPixelCache pixels, LoadedModel model, ScanSource source, Action<int> begin, Func<int, PixelBuffer, Problem?> visit,
        CancellationToken cancel)
    {
        var input = model.Network.Spec.Input;
        if (source.Dataset.Images.CountOf(source.Split) == 0)
        {
            return Problem.Unprocessable("scan.no-images",
                $"The data set '{source.Dataset.Name}' has no {source.Split.ToWireName()} images.");
        }

        return pixels.Open(source.Folder, source.Dataset, source.Split, input.Height, input.Width, input.Channels, cancel)
            .Bind<int>(images =>
        {
            using var _ = images;
            var places = EvenSpread.Of(images.Count, source.Images);
            begin(places.Length);
            foreach (var place in places)
            {
                cancel.ThrowIfCancellationRequested();
                if (visit(place, Copy(images, place)) is { } problem)
                {
                    return problem;
                }
            }

            return places.Length;
        });
    }

    /// <summary>A copy of an image's pixels.</summary>
    public static PixelBuffer Copy(IPixelSource images, int index)
    {
        var image = new PixelBuffer(images.Width, images.Height, images.Channels);
        images.Pixels(index).CopyTo(image.Data);
        return image;
    }
}
