using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests;

public sealed class RouteHandlersTests : IClassFixture<CnnServiceApplication>
{
    private readonly CnnServiceApplication _service;

    public RouteHandlersTests(CnnServiceApplication service) => _service = service;

    /// <summary>A namespace that hides ours would have the framework compile a route at the start again, unnoticed.</summary>
    [Fact]
    public void Routes_OfTheService_AreCompiledWhenTheyAreAskedFor()
    {
        _ = _service.Client;
        var routes = _service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<MethodInfo>()?.Module.Assembly == typeof(Program).Assembly)
            .ToLookup(route => route.RequestDelegate?.Target?.GetType().DeclaringType == typeof(RouteHandlers));

        Assert.True(routes[true].Count() > 100, $"{routes[true].Count()} routes");
        Assert.Empty(routes[false].Select(route => route.RoutePattern.RawText));
    }
}
