using System.Net;
using System.Net.Http.Headers;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Visualize;

/// <summary>A client that has the image already: its tag is known before the network runs.</summary>
public class FeatureMapTagTests
{
    [Theory]
    [InlineData("visualize/conv_1?model=colours")]
    [InlineData("visualize/conv_1/0?model=colours")]
    [InlineData("visualize/feature-maps?model=colours")]
    public async Task Post_WithTheTagOfTheSameImage_Is304AndRunsNothing(string path)
    {
        var reader = new CountingReader();
        await using var service = new CnnServiceApplication([], services => services.AddSingleton<IFeatureMapReader>(reader));
        await RedOrBlue.PublishAsync(service, "colours");

        using var first = await PostAsync(service, path, RedOrBlue.Image(200, 0, 0), tag: null);
        var reads = reader.Reads;
        using var same = await PostAsync(service, path, RedOrBlue.Image(200, 0, 0), first.Headers.ETag);
        using var other = await PostAsync(service, path, RedOrBlue.Image(0, 0, 200), first.Headers.ETag);

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.NotModified, HttpStatusCode.OK), (first.StatusCode, same.StatusCode, other.StatusCode));
        Assert.Equal(first.Headers.ETag, same.Headers.ETag);
        Assert.Equal((1, 2), (reads, reader.Reads));
    }

    private static async Task<HttpResponseMessage> PostAsync(
        CnnServiceApplication service, string path, byte[] image, EntityTagHeaderValue? tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, CnnServiceApplication.Relative(path))
        {
            Content = new ByteArrayContent(image) { Headers = { ContentType = new("image/png") } },
        };
        if (tag is not null)
        {
            request.Headers.IfNoneMatch.Add(tag);
        }

        return await service.Client.SendAsync(request);
    }

    private sealed class CountingReader : IFeatureMapReader
    {
        public int Reads { get; private set; }

        public Outcome<LayerActivations> Read(LoadedModel model, ResolvedLayer layer, PixelBuffer image, bool beforeActivation = false)
        {
            Reads++;
            var shape = layer.OutputShape;
            return new LayerActivations(shape.Channels, shape.Height, shape.Width, new float[shape.Channels * shape.Height * shape.Width]);
        }
    }
}
