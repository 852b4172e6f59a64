using CnnService.Studio.Pages.Look;

namespace CnnService.Studio.Tests.Pages.Look;

public sealed class LookAddressTests
{
    [Theory]
    [InlineData(null, null, null, null, null, "look")]
    [InlineData("pets:2", null, null, null, null, "look/pets%3A2")]
    [InlineData("pets:2", "conv_4", 7, null, "pets/a1", "look/pets%3A2?layer=conv_4&filter=7&image=pets%2Fa1")]
    [InlineData("s", "fire 2/x", null, "patterns", null, "look/s?layer=fire%202%2Fx&view=patterns")]
    public void ToString_OfAState_HoldsAllOfIt(string? model, string? layer, int? filter, string? view, string? image, string address) =>
        Assert.Equal(address, new LookAddress(model, layer, filter, view, image).ToString());
}
