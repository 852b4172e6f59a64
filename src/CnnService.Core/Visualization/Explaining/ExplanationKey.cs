using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Visualization.Explaining;

/// <summary>Tags of explanations: everything that their bytes depend on.</summary>
public static class ExplanationKey
{
    /// <summary>Changes whenever the same request gives another picture.</summary>
    private const string Recipe = "1";

    /// <param name="model">The version.</param>
    /// <param name="picture">As the network gets it.</param>
    /// <param name="request">All of it.</param>
    /// <param name="form">How the answer is written.</param>
    public static string Of(LoadedModel model, PixelBuffer picture, ExplainRequest request, string form)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(request);
        return PictureKey.Of(
            ["explanation", Recipe, PictureKey.Content(model), model.Name, PictureKey.Text(model.Version), Convert.ToHexStringLower(SHA256.HashData(picture.Data)), request.ToString(), form]);
    }
}
