package classify

import (
	"slices"
	"strings"

	"trackscan/crawler"
)

// fingerprints are the techniques that tell one browser from another without keeping anything in it.
var fingerprints = []technique{
	{RuleFingerprinting, "canvas", "draws text on a hidden picture and reads it back", canvasPrint},
	{RuleFingerprinting, "webgl", "asks for the make of the graphics hardware", webglPrint},
	{RuleFingerprinting, "audio", "lets the browser compute a sound and reads it back", audioPrint},
	{RuleFingerprinting, "battery", "reads how full the battery is and how long it lasts", batteryPrint},
	{RuleFingerprinting, "fonts", "finds out which fonts are installed", fontPrint},
	{RuleFingerprinting, "webrtc", "asks for the addresses of the visitor's network", webrtcPrint},
	{RuleFingerprinting, "properties", "reads a long list of traits of browser, screen and device", propertyPrint},
	{RuleFingerprinting, "known-fingerprinting", "is there to recognise visitors by their browsers", nil},
}

// The thresholds of canvas fingerprinting are those of Englehardt and Narayanan 2016, "Online Tracking: A 1-million-site
// Measurement and Analysis", section 6.1: text of at least 10 different characters, read back losslessly and not in
// part, from a canvas of at least 16x16 pixels on which neither save nor restore was called and to which nobody
// listens. Beyond that, a canvas that shows pictures is taken for an editor of pictures.
const (
	canvasLetters = 10
	canvasSide    = 16 // pixels
)

func canvasPrint(_ *crawler.Page, s *crawler.Script) bool {
	return slices.ContainsFunc(s.Canvases, func(c crawler.Canvas) bool {
		large := c.Width >= canvasSide && c.Height >= canvasSide
		whole := c.How != "getImageData" || c.Side >= canvasSide
		lossy := c.Type == "image/jpeg" || c.Type == "image/webp"
		return large && whole && !lossy && c.Letters >= canvasLetters && !c.Saves && !c.Listens && c.Pictures == 0
	})
}

// webglDrawings is how often a script may draw that only wants to know the hardware. Fingerprinting scripts draw one
// picture, maps and games draw on.
const webglDrawings = 8

// webglParameters is how many limits of the hardware a script asks for that wants a list of them: engines ask for about
// as many, but for what they draw with, and for the extensions that they know one by one.
const webglParameters = 8

// webglPrint needs both unmasked strings, or a list of everything that the hardware can. Engines ask for the renderer
// alone, to go round faults of drivers, or draw.
func webglPrint(_ *crawler.Page, s *crawler.Script) bool {
	used := func(member string) int {
		return s.Used("WebGLRenderingContext."+member) + s.Used("WebGL2RenderingContext."+member)
	}
	names := used("UNMASKED_VENDOR") > 0 && used("UNMASKED_RENDERER") > 0
	lists := used("getSupportedExtensions") > 0 && used("getShaderPrecisionFormat") > 0 && used("VENDOR") > 0 &&
		used("getParameter") >= webglParameters
	return (names || lists) && used("drawArrays")+used("drawElements") < webglDrawings
}

// audioPrint is the two ways that Englehardt and Narayanan 2016 found (section 6.4): a tone through a compressor,
// computed offline and read; or a tone through an analyser, with no sound of the page's own in it. As long as the
// visitor has pressed nothing, browsers keep that tone from starting, so who waits for its samples counts as who reads.
func audioPrint(_ *crawler.Page, s *crawler.Script) bool {
	used := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return s.Used(name) > 0 })
	}
	switch {
	case !used("BaseAudioContext.createOscillator"):
		return false
	case used("OfflineAudioContext.startRendering"):
		return used("BaseAudioContext.createDynamicsCompressor", "BaseAudioContext.createAnalyser") &&
			!used("BaseAudioContext.decodeAudioData")
	}
	reads := used("AnalyserNode.getFloatFrequencyData", "AnalyserNode.getByteFrequencyData") ||
		used("BaseAudioContext.createAnalyser") && used("ScriptProcessorNode.onaudioprocess")
	return reads &&
		!used("BaseAudioContext.createBufferSource", "BaseAudioContext.decodeAudioData",
			"AudioContext.createMediaElementSource", "AudioContext.createMediaStreamSource")
}

// batteryPrint is the charge with both times, which together are different on nearly every device for a while: Olejnik,
// Acar, Castelluccia and Diaz 2015, "The leaking battery". Code that saves energy asks whether the device is charging and
// how full it is.
func batteryPrint(_ *crawler.Page, s *crawler.Script) bool {
	used := func(member string) bool { return s.Used("BatteryManager."+member) > 0 }
	return used("level") && used("chargingTime") && used("dischargingTime")
}

// fontFamilies is how many families have to be measured; Englehardt and Narayanan 2016, section 6.2, use 50 too.
const fontFamilies = 50

func fontPrint(_ *crawler.Page, s *crawler.Script) bool { return s.Used("fonts") >= fontFamilies }

// webrtcPrint is what Englehardt and Narayanan 2016, section 6.3, look for: a data channel and an offer whose network
// addresses are looked at, and no call that comes of it.
func webrtcPrint(_ *crawler.Page, s *crawler.Script) bool {
	used := func(member string) bool { return s.Used("RTCPeerConnection."+member) > 0 }
	looks := used("onicecandidate") || used("localDescription") || s.Used("RTCIceCandidate.candidate") > 0
	calls := used("setRemoteDescription") || used("addTrack") || used("addStream") || used("addTransceiver") ||
		s.Used("MediaDevices.getUserMedia") > 0
	return used("createDataChannel") && used("createOffer") && looks && !calls
}

// The numbers of traits that one script reads: counters of visits read about a dozen, nearly all of them common ones.
// Iqbal, Englehardt and Shafiq 2021, "Fingerprinting the Fingerprinters", list the interfaces that hardly anybody but
// fingerprinting scripts uses; the numbers are our own choice between the two, see testdata/sites/fingerprinting.txtar.
const (
	manyTraits = 12
	rareTraits = 6
)

// commonTraits are read by ordinary code: to choose a layout, a language or a download, and by every counter of visits.
var commonTraits = wordSet(`
	Navigator.userAgent Navigator.appVersion Navigator.appName Navigator.platform Navigator.product
	Navigator.vendor Navigator.language Navigator.languages Navigator.cookieEnabled Navigator.doNotTrack
	Navigator.webdriver Navigator.connection NetworkInformation.effectiveType NetworkInformation.saveData
	Navigator.userAgentData NavigatorUAData.platform NavigatorUAData.mobile NavigatorUAData.brands
	Navigator.maxTouchPoints Screen.width Screen.height Screen.orientation Window.devicePixelRatio
	DateTimeFormat.resolvedOptions Date.getTimezoneOffset matchMedia.hover matchMedia.any-hover
	matchMedia.pointer matchMedia.any-pointer matchMedia.resolution matchMedia.display-mode
	matchMedia.prefers-contrast matchMedia.forced-colors HTMLMediaElement.canPlayType
	MediaSource.isTypeSupported MediaCapabilities.decodingInfo`)

// rareInterfaces are those whose members are traits although ordinary code hardly asks for them.
var rareInterfaces = wordSet(`
	Navigator WorkerNavigator NavigatorUAData Screen NetworkInformation Performance StorageManager
	Permissions MediaDevices Keyboard SpeechSynthesis GPU GPUAdapter Sensor BatteryManager
	Window RTCRtpSender matchMedia`)

// noTraits are members of those interfaces that say nothing of the device.
var noTraits = wordSet(`
	MediaDevices.getUserMedia Navigator.joinAdInterestGroup Navigator.leaveAdInterestGroup
	Navigator.updateAdInterestGroups Navigator.runAdAuction Navigator.getInterestGroupAdAuctionData
	Navigator.requestMediaKeySystemAccess`)

func propertyPrint(_ *crawler.Page, s *crawler.Script) bool {
	all, rare := 0, 0
	for _, u := range s.Uses {
		owner, _, _ := strings.Cut(u.Name, ".")
		switch {
		case commonTraits[u.Name]:
			all++
		case rareInterfaces[owner] && !noTraits[u.Name]:
			all, rare = all+1, rare+1
		}
	}
	return all >= manyTraits && rare >= rareTraits
}
