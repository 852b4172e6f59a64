using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Engine.Tests.Onnx.Serving;

internal static class ClassifierCalls
{
    /// <summary>One image through a place in the queue of its own.</summary>
    public static async ValueTask<Outcome<ClassProbabilities>> ClassifyAsync(
        this IClassifier classifier, LoadedModel model, PixelBuffer image, CancellationToken cancel)
    {
        var reserved = classifier.Reserve(model, 1);
        if (reserved.Problem is { } problem)
        {
            return problem;
        }

        using var reservation = reserved.Value;
        return await reservation.ClassifyAsync(image, cancel);
    }
}
