using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Api.Limits;

public class BodyLimitsTests
{
    [Fact]
    public async Task Routes_ThatTakeFiles_AllowTheirLimits()
    {
        await using var service = new CnnServiceApplication(new()
        {
            ["Limits:ImagesBytes"] = "11000001",
            ["Limits:TensorBytes"] = "11000002",
            ["Limits:ModelBytes"] = "11000003",
            ["Limits:DatasetBytes"] = "11000004",
        });

        var limits = service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetOrderedMetadata<IAcceptsMetadata>()
                .Any(accepts => accepts.ContentTypes.Any(type => type is "multipart/form-data" or "*/*")))
            .ToDictionary(
                route => route.RoutePattern.RawText!.TrimEnd('/'),
                route => route.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize);

        Assert.Equal(
            new Dictionary<string, long?>
            {
                ["/classify"] = 11_000_001,
                ["/datasets/inspect"] = 11_000_004,
                ["/datasets"] = 11_000_004,
                ["/datasets/{name}/images"] = 11_000_001,
                ["/explain"] = 11_000_001,
                ["/models"] = 11_000_003,
                ["/v2/models/{model}/infer"] = 11_000_002,
                ["/v2/models/{model}/versions/{version}/infer"] = 11_000_002,
                ["/visualize/feature-maps"] = 11_000_001,
                ["/visualize/{layer}"] = 11_000_001,
                ["/visualize/{layer}/receptive-field"] = 11_000_001,
                ["/visualize/{layer}/{filter:int}"] = 11_000_001,
            }.OrderBy(limit => limit.Key, StringComparer.Ordinal),
            limits.OrderBy(limit => limit.Key, StringComparer.Ordinal));
    }
}
