using Microsoft.OpenApi;

namespace CnnService.Web.Api.OpenApi;

/// <summary>What the OpenAPI document says of the API as a whole.</summary>
internal static class ApiInfo
{
    public static OpenApiInfo Create() => new()
    {
        Title = "CnnService",
        Version = "v1",
        Description = "Train convolutional networks on your own images, serve them, and see inside them: [the manual](/docs/). "
            + "Errors are application/problem+json with a stable `code`. Every answer has an `X-Request-Id`: the request's own where it "
            + "sent a sound one, else a new one. Problems tell it as `requestId`, the log as "
            + "`RequestId`.",
        Contact = new OpenApiContact { Name = "CnnService" },
        License = new OpenApiLicense { Name = "MIT", Url = new Uri("https://opensource.org/license/mit") },
    };
}
