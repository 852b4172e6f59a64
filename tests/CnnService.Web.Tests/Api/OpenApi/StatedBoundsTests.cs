using Microsoft.OpenApi;

namespace CnnService.Web.Tests.Api.OpenApi;

/// <summary>Bounds are read from the sentences that state them.</summary>
public class StatedBoundsTests
{
    [Theory]
    [InlineData("Number of tiles, 1 to 64; default 8.", "1", null, "64", null)]
    [InlineData("Seconds to wait, 0 (default) to 60; then 202.", "0", null, "60", null)]
    [InlineData("0 to 2^53-1; default 42.", "0", null, "9007199254740991", null)]
    [InlineData("Number of epochs, 1 to 10,000; default 30.", "1", null, "10000", null)]
    [InlineData("Largest norm, above 0, up to 1000; default: none.", null, "0", "1000", null)]
    [InlineData("Above 0, up to 10; default 0.0001.", null, "0", "10", null)]
    [InlineData("For SGD (default 0.9): 0 up to, not including, 1.", "0", null, null, "1")]
    [InlineData("Share spread evenly, 0 up to 0.9; default 0.", "0", null, "0.9", null)]
    [InlineData("Copies (1 to 200, default 25), masks (100 to 4000), or maps (1 to 512).", "1", null, "4000", null)]
    [InlineData("Index of the filter in the layer, from 0.", "0", null, null, null)]
    [InlineData("How fast, from 0 (fine details) to 2 (hardly any); default 1.", "0", null, "2", null)]
    [InlineData("Completed steps of the epoch.", null, null, null, null)]
    [InlineData("`x-1` to `y-2`, a range of names.", null, null, null, null)]
    public void Number_GetsTheStatedBounds(string text, string? least, string? above, string? most, string? below)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.Number };
        StatedBounds.Apply(schema, text);
        Assert.Equal((least, above, most, below), (schema.Minimum, schema.ExclusiveMinimum, schema.Maximum, schema.ExclusiveMaximum));
    }

    [Theory]
    [InlineData("Display name, 1 to 100 characters; default: none.", 1, 100)]
    [InlineData("1 to 128 visible ASCII characters of your own.", 1, 128)]
    [InlineData("Images, 1 to 100.", null, null)]
    public void Text_GetsTheStatedLength(string text, int? least, int? most)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.String };
        StatedBounds.Apply(schema, text);
        Assert.Equal((least, most), (schema.MinLength, schema.MaxLength));
    }

    [Theory]
    [InlineData("1 to 256 images; required.", 1, 256)]
    [InlineData("At most 1,000 entries.", null, 1000)]
    [InlineData("Mean per channel, 0 to 255.", null, null)]
    public void ListsAndMaps_GetTheStatedCount(string text, int? least, int? most)
    {
        var list = new OpenApiSchema { Type = JsonSchemaType.Array };
        StatedBounds.Apply(list, text);
        Assert.Equal((least, most), (list.MinItems, list.MaxItems));
        var map = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema() };
        StatedBounds.Apply(map, text);
        Assert.Equal((least, most), (map.MinProperties, map.MaxProperties));
    }

    [Theory]
    [InlineData("Name of a data set that is ready; required.", true)]
    [InlineData("An image; required.", true)]
    [InlineData("Required with `path`.", false)]
    [InlineData(null, false)]
    public void Required_IsWhatTheTextEndsWith(string? text, bool expected) => Assert.Equal(expected, StatedBounds.IsRequired(text));
}
