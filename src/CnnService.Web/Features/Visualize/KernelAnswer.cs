using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.Kernels;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Visualize;

/// <summary>Answers <c>kind=weights</c>.</summary>
internal static class KernelAnswer
{
    public static IResult Give(HttpContext http, IPngEncoder encoder, LoadedModel model, VisualizeQuery query, string layer, int? filter)
    {
        if (query.AsJson)
        {
            return filter is { } one
                ? KernelPicture.Numbers(model, layer, one).Match<IResult>(TypedResults.Ok, problem => problem.ToResult())
                : Problem.Invalid("request.invalid", "format=json gives the kernel of one filter: name it, /visualize/{layer}/{filter}.").ToResult();
        }

        var request = query.Kernels;
        var (offset, count) = filter is { } single ? (single, (int?)null) : (query.First, query.Filters);
        return PictureAnswer.NotModified(http, KernelPicture.Tag(model, layer, offset, count, request))
            ?? KernelPicture.Draw(model, layer, offset, count, request, encoder).Match(picture => PictureAnswer.File(http, picture), problem => problem.ToResult());
    }
}
